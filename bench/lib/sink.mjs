/** The sink's process, as the measuring side sees it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../server/main.mjs', import.meta.url))

/** @typedef {{ preflights: number, calls: number, storageRequests: number, problems: string[] }} SinkReport */

/** @param {string} pages where the built pages are */
export async function startSink(pages) {
  const child = fork(program, [pages])
  const answer = async () => (await once(child, 'message'))[0]
  const { origin } = await answer()
  return {
    /** @type {string} */
    origin,
    /** @param {import('./workloads.mjs').Workload} workload */
    async begin(workload) {
      child.send({ begin: workload })
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
