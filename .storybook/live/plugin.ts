import { fileURLToPath } from 'node:url'
import { type Plugin, runnerImport } from 'vite'
import { sourceAliases } from '../../scripts/sourceAliases.ts'

type Server = typeof import('./server.js')

/** Puts the live story's server into Storybook's dev server; it starts with the first request. A built catalogue has none. */
export function liveServer(): Plugin {
  let live: ReturnType<Server['openLive']> | undefined
  const open = async () => {
    const { module } = await runnerImport<Server>(fileURLToPath(new URL('server.ts', import.meta.url)), {
      configFile: false,
      resolve: { alias: sourceAliases },
    })
    return module.openLive()
  }
  return {
    name: 'live-server',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use('/live', (request, response, next) => {
        live ??= open()
        live.then(({ listener }) => listener(request, response), next)
      })
    },
    closeBundle: async () => (await live)?.close(),
  }
}
