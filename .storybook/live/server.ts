/** What stands behind the live story: the S3 stand-in, and a backend that issues grants and saves answers. */
import { randomBytes } from 'node:crypto'
import { createUploads } from 'file-answer-field/server'
import { toNodeListener } from 'file-answer-field/server/node'
import { createTestStorage } from 'file-answer-field/testing/storage'

const bucket = 'live'
const who = { subject: 'visitor', field: 'documents' }

/** Answers `/live/uploads` (the protocol) and `/live/answers` (a sent form: its files, with links to download them). */
export async function openLive() {
  const storage = await createTestStorage({
    buckets: [bucket],
    cors: [
      {
        allowedOrigins: ['*'],
        allowedMethods: ['GET', 'PUT', 'POST'],
        allowedHeaders: ['*'],
        exposeHeaders: ['ETag'],
      },
    ],
  })
  const { endpoint, region, accessKeyId, secretAccessKey } = storage
  const uploads = createUploads({
    storage: { endpoint, region, bucket, credentials: { accessKeyId, secretAccessKey }, prefix: 'uploads/' },
    secret: randomBytes(32).toString('hex'),
    authorize: () => ({ subject: who.subject }),
    rules: { maxFiles: 5, maxSize: 2 * 1024 ** 3 },
  })

  async function save(request: Request): Promise<Response> {
    const ids = (await request.formData()).getAll(who.field).map(String)
    const verified = await uploads.verifyAnswer(ids, who)
    if (!verified.ok) return Response.json({ problems: verified.problems }, { status: 422 })
    const links = verified.files.map(async ({ id, name }) => ({
      name,
      url: (await uploads.presignDownload(id, who))?.url,
    }))
    return Response.json({ files: await Promise.all(links) })
  }

  const listener = toNodeListener(async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname.endsWith('/uploads')) return uploads.handler(request)
    if (pathname.endsWith('/answers') && request.method === 'POST') return save(request)
    return new Response(null, { status: 404 })
  })
  return { listener, close: () => storage.stop() }
}
