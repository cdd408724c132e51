/** One document for all contenders: `?page=` names the module that is measured; no other's code or styles are loaded. */
const pages = import.meta.glob<unknown>('./contenders/*.{ts,tsx}')
const wanted = new URLSearchParams(location.search).get('page')
const load = Object.entries(pages).find(([path]) => path.replace(/^.*\/|\.\w+$/g, '') === wanted)?.[1]
if (load === undefined) throw new Error(`There is no page '${wanted}'.`)
await load()
