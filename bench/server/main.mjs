/** The sink as a process of its own, so that its work and the measuring don't wait for each other. Told what to do by IPC. */
import { apiServer } from './api.mjs'
import { createLedger } from './ledger.mjs'
import { storageServer } from './storage.mjs'

const host = '127.0.0.1'
const [pages = ''] = process.argv.slice(2)

/** @type {import('./storage.mjs').Run} */
let run = { rtt: 0, rate: null, ledger: createLedger({ count: 0, size: 0 }) }
const current = () => run

/** @param {import('node:net').Server} server */
const listen = (server) =>
  new Promise((resolve) => {
    server.listen(0, host, () => {
      const address = server.address()
      resolve(`http://${host}:${typeof address === 'object' && address !== null ? address.port : 0}`)
    })
  })

const storage = await listen(storageServer(current))
const api = await listen(apiServer(current, { pages, storage: () => storage }))

process.on('message', (/** @type {{ begin?: import('../lib/workloads.mjs').Workload }} */ { begin }) => {
  if (begin === undefined) return process.send?.({ report: run.ledger.report() })
  run = { rtt: begin.rtt, rate: begin.rate, ledger: createLedger(begin) }
  process.send?.({ began: true })
})
process.on('disconnect', () => process.exit())
process.send?.({ origin: api })
