// examples/python passes `conformance`, against the stand-in, both as the package ships them. Wants `npm run build`.
import { execFile, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const secretAccessKey = 'testsecretkey'

/** Whether the example can run on this machine. */
const hasBotocore = spawnSync('python3', ['-c', 'import botocore'], { stdio: 'ignore' }).status === 0
if (!hasBotocore) {
  console.log('botocore is not installed (Debian: python3-botocore; `npm run setup` installs it).')
  process.exit(1)
}
if (!existsSync(`${root}dist/cli/bin.js`))
  spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })

const { createTestStorage } = await import(`${root}dist/testing/storage/index.js`)
const storage = await createTestStorage({ buckets: ['answers'], secretAccessKey })
const server = spawn('python3', [`${root}examples/python/server.py`], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PORT: '0',
    S3_ENDPOINT: storage.endpoint,
    S3_BUCKET: 'answers',
    AWS_ACCESS_KEY_ID: storage.accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    UPLOAD_SECRET: 'a secret of more than thirty-two bytes, for tests',
  },
})
let status = 1
try {
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: server.stdout }).once('line', resolve)
    server.once('exit', (code) => reject(new Error(`The example ended with ${code}.`)))
  })
  const args = [
    `${root}dist/cli/bin.js`,
    'conformance',
    url,
    '--field',
    'documents',
    '--header',
    'cookie: session=anna',
  ]
  const ran = await promisify(execFile)('node', args, { maxBuffer: 1 << 24 }).catch((failed) => failed)
  console.log(ran.stdout, ran.stderr)
  const left = storage.objects('answers')
  if (left.length > 0) console.log(`${left.length} objects are left in storage.`)
  status = (ran.code ?? 0) === 0 && left.length === 0 ? 0 : 1
} finally {
  server.kill()
  await storage.stop()
}
process.exit(status)
