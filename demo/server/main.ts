/** The demo's server: the page, its presigned URLs, and saved answers. */
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'

const pages = fileURLToPath(new URL('../client', import.meta.url))
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

async function readJson(request: IncomingMessage) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

export async function serve(env: NodeJS.ProcessEnv) {
  const Bucket = env.S3_BUCKET ?? 'demo'
  const client = new S3Client({
    endpoint: env.S3_ENDPOINT ?? '',
    region: env.S3_REGION ?? 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  await client.send(new CreateBucketCommand({ Bucket }))
  await client.send(
    new PutBucketCorsCommand({
      Bucket,
      CORSConfiguration: {
        CORSRules: [
          {
            AllowedOrigins: ['*'],
            AllowedMethods: ['GET', 'PUT', 'POST'],
            AllowedHeaders: ['*'],
            ExposeHeaders: ['ETag'],
          },
        ],
      },
    }),
  )
  const presign = async (file: { name: string; size: number; type: string }) => {
    const Key = `demo/${randomBytes(16).toString('hex')}`
    const type = file.type || 'application/octet-stream'
    const url = await getSignedUrl(
      client,
      new PutObjectCommand({ Bucket, Key, ContentType: type, ContentLength: file.size, IfNoneMatch: '*' }),
      { expiresIn: 900, signableHeaders: new Set(['host', 'content-type', 'content-length', 'if-none-match']) },
    )
    return { id: Key, method: 'PUT', url, headers: { 'content-type': type, 'if-none-match': '*' } }
  }
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://demo').pathname
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.method === 'POST' && path === '/api/uploads') {
      const { action, files, ids } = await readJson(request)
      if (action === 'presign') return json(200, { grants: await Promise.all(files.map(presign)) })
      if (action === 'describe') {
        const described = ids.map(async (id: string) => ({
          id,
          url: await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: id })),
        }))
        return json(200, { files: await Promise.all(described) })
      }
      return json(400, { error: { code: 'unknown-action', message: 'Unknown action.' } })
    }
    const file = join(pages, normalize(path === '/' ? '/index.html' : path))
    const found = file.startsWith(pages) && (await stat(file).catch(() => null))?.isFile()
    if (!found) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
    createReadStream(file).pipe(response)
  })
  const port = Number(env.PORT ?? 4173)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
