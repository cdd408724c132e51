/** The storage's origin: takes PUTs, form POSTs and parts under a limited line, counts and forgets the bytes. */
import { crc32 } from 'node:zlib'
import { formBody } from './formBody.mjs'
import { afterRoundTrip, readBody, shapedServer } from './shaping.mjs'

/**
 * @typedef {import('../lib/scenarios.mjs').Line & { ledger: ReturnType<typeof import('./ledger.mjs').createLedger> }} Run
 * @typedef {{ status: number, headers?: Record<string, string>, body?: string }} Answer
 */

/** @param {() => Run} current @param {Parameters<typeof shapedServer>[1]} loss */
export const storageServer = (current, loss) =>
  shapedServer(current, loss, (request, response) => {
    const run = current()
    run.ledger.storageSeen()
    take(request, run).then(
      ({ status, headers = {}, body = '' }) =>
        afterRoundTrip(run, () => response.writeHead(status, { ...corsFor(request), ...headers }).end(body)),
      (thrown) => response.destroy(thrown),
    )
  })

/** @param {import('node:http').IncomingMessage} request */
const corsFor = ({ headers }) => ({
  'access-control-allow-origin': headers.origin ?? '*',
  'access-control-expose-headers': 'ETag',
  vary: 'origin',
})

/** @param {import('node:http').IncomingMessage} request @param {Run} run @returns {Promise<Answer>} */
async function take(request, run) {
  const { ledger } = run
  const url = new URL(request.url ?? '/', 'http://storage')
  if (request.method === 'OPTIONS') {
    ledger.counts.preflights += 1
    return {
      status: 204,
      headers: {
        'access-control-allow-methods': 'PUT, POST, DELETE',
        'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
        'access-control-max-age': '3000',
      },
    }
  }
  ledger.counts.storageRequests += 1
  const id = url.pathname.slice('/bucket/'.length)
  if (request.method === 'DELETE') return { status: 204 }
  if (request.method === 'POST' && url.searchParams.has('uploads')) return initiate(id)
  if (request.method === 'POST' && id !== '') return complete(request, run, id)
  if (request.method === 'POST') return takeForm(request, run)
  const partNumber = url.searchParams.get('partNumber')
  const body = counter(ledger)
  await readBody(request, run, body.add)
  ledger.arrived({ id, partNumber: partNumber === null ? null : Number(partNumber), ...body.sum() })
  return { status: 200, headers: { etag: `"${body.sum().crc.toString(16)}"` } }
}

/** @param {Run['ledger']} ledger */
function counter(ledger) {
  let size = 0
  let crc = 0
  return {
    /** @param {Buffer} bytes */
    add(bytes) {
      ledger.received(bytes.length)
      size += bytes.length
      crc = crc32(bytes, crc)
    },
    sum: () => ({ size, crc }),
  }
}

/** @param {import('node:http').IncomingMessage} request @param {Run} run */
async function takeForm(request, run) {
  const body = counter(run.ledger)
  const form = formBody(request, body.add)
  await readBody(request, run, form.take)
  run.ledger.arrived({ id: form.field('key') ?? '', partNumber: null, ...body.sum() })
  return { status: 204 }
}

/** @param {string} id @returns {Answer} */
const initiate = (id) => ({
  status: 200,
  body: `<InitiateMultipartUploadResult><Key>${id}</Key><UploadId>upload-${id}</UploadId></InitiateMultipartUploadResult>`,
})

/** S3's own completion, by a signed URL. @param {import('node:http').IncomingMessage} request @param {Run} run @param {string} id */
async function complete(request, run, id) {
  await readBody(request, run, () => {})
  run.ledger.completed(id)
  return {
    status: 200,
    body: `<CompleteMultipartUploadResult><Location>/bucket/${id}</Location><Key>${id}</Key></CompleteMultipartUploadResult>`,
  }
}
