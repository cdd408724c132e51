/** As little as a page can do: one batch of grants, requests handed to the browser, no user interface. */
import { call, type GrantBody, grantsFor, type Multipart } from '../grants.js'
import { expose } from '../harness.js'

type Send = () => Promise<void>

/** Requests at once: small ones wait within the browser, so that its six connections don't wait for the page. */
const smallAtOnce = 12
const largeAtOnce = 6
const smallBytes = 256 * 1024

const send = (
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Blob | FormData,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open(method, url)
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
    xhr.onloadend = () => (xhr.status >= 200 && xhr.status < 300 ? resolve() : reject(new Error(`${xhr.status}`)))
    xhr.send(body)
  })

async function sendAll(sends: readonly Send[], atOnce: number): Promise<void> {
  const left = [...sends]
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await next()
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

const sendParts = ({ parts, partSize }: Multipart, file: File): readonly Send[] =>
  parts.map(
    ({ partNumber, url }) =>
      () =>
        send('PUT', url, {}, file.slice((partNumber - 1) * partSize, partNumber * partSize)),
  )

function sendWhole(grant: GrantBody, file: File): Promise<void> {
  if (grant.method === 'MULTIPART') throw new Error('Parts where a single request was asked for.')
  if (grant.method !== 'POST') return send('PUT', grant.url, grant.headers ?? {}, file)
  const form = new FormData()
  for (const [name, value] of Object.entries(grant.fields)) form.append(name, value)
  form.append('file', file)
  return send('POST', grant.url, {}, form)
}

/** By origin, as the browser counts connections. */
function byOrigin<T extends { readonly grant: GrantBody }>(pairs: readonly T[]): readonly (readonly T[])[] {
  const origins = new Map<string, T[]>()
  for (const pair of pairs) {
    const { grant } = pair
    const { origin } = new URL(grant.method === 'MULTIPART' ? (grant.parts[0]?.url ?? '') : grant.url)
    const same = origins.get(origin)
    if (same === undefined) origins.set(origin, [pair])
    else same.push(pair)
  }
  return [...origins.values()]
}

expose(null, async (files, { variant, scenario }) => async () => {
  const grants = await grantsFor(variant, files)
  const pairs = files.map((file, index) => ({ file, grant: grants[index] as GrantBody }))
  const atOnce = scenario.size <= smallBytes ? smallAtOnce : largeAtOnce
  const lanes = byOrigin(pairs).map((same) =>
    sendAll(
      same.flatMap(({ file, grant }) =>
        grant.method === 'MULTIPART' ? sendParts(grant, file) : [() => sendWhole(grant, file)],
      ),
      atOnce,
    ),
  )
  await Promise.all(lanes)
  for (const { grant } of pairs) {
    if (grant.method === 'MULTIPART') await call(variant, { action: 'complete', id: grant.id, upload: grant.upload })
  }
})
