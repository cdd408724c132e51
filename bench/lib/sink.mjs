/** The sink's process, as the measuring side sees it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../server/main.mjs', import.meta.url))

/**
 * @typedef {object} SinkReport
 * @property {number} preflights
 * @property {number} calls            to the page's own origin
 * @property {number} storageRequests
 * @property {{ grantsAsked: number, grantsGiven: number, storageSeen: number }} times  the first of each, machine's clock
 * @property {number} resent           bytes that came in beyond those of the files
 * @property {string[]} problems       bytes that went astray
 */

/** @param {string} pages where the built pages are */
export async function startSink(pages) {
  const child = fork(program, [pages])
  const answer = async () => (await once(child, 'message'))[0]
  const { origin } = await answer()
  return {
    /** @type {string} */
    origin,
    /** @param {import('./scenarios.mjs').Scenario} scenario */
    async begin(scenario) {
      child.send({ begin: scenario })
      await answer()
    },
    /** @returns {Promise<SinkReport>} */
    async report() {
      child.send({})
      return (await answer()).report
    },
    stop: () => child.disconnect(),
  }
}
