/** The sink as a process of its own, so that its work and the measuring don't wait for each other. Told what to do by IPC. */
import { storageHosts } from '../lib/hosts.mjs'
import { warmUp } from '../lib/scenarios.mjs'
import { apiServer } from './api.mjs'
import { createLedger } from './ledger.mjs'
import { createLoss } from './loss.mjs'
import { storageServer } from './storage.mjs'

const host = '127.0.0.1'
const [pages = ''] = process.argv.slice(2)
const loss = createLoss()

/** @param {import('../lib/scenarios.mjs').Scenario} scenario @returns {import('./storage.mjs').Run} */
const begin = (scenario) => ({ ...scenario, ledger: createLedger(scenario, loss.lose) })

let run = begin(warmUp)
const current = () => run

/** @param {import('node:net').Server} server @returns {Promise<number>} its port */
const listen = (server) =>
  new Promise((resolve) => {
    server.listen(0, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })

const storagePort = await listen(storageServer(current, loss))
let turn = 0
const storage = (/** @type {number} */ names) => {
  turn += 1
  return `http://${storageHosts[turn % names]}:${storagePort}`
}
const apiPort = await listen(apiServer(current, loss, { pages, storage }))

process.on('message', (/** @type {{ begin?: import('../lib/scenarios.mjs').Scenario }} */ message) => {
  if (message.begin === undefined) return process.send?.({ report: run.ledger.report() })
  run = begin(message.begin)
  process.send?.({ began: true })
})
process.on('disconnect', () => process.exit())
process.send?.({ origin: `http://${host}:${apiPort}` })
