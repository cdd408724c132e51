import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RunningStorage, startCeph } from '../../scripts/ceph.mjs'

/** The gateway that is running already (`FAF_CEPH_ENDPOINT`), or one of its own. */
async function ceph(): Promise<RunningStorage> {
  const endpoint = process.env.FAF_CEPH_ENDPOINT
  if (endpoint === undefined) return startCeph()
  return {
    endpoint,
    region: 'us-east-1',
    accessKeyId: 'testaccess',
    secretAccessKey: 'testsecretkey',
    stop: async () => {},
  }
}

/** Starts the storage and the demo on it, and leaves the demo's address in `DEMO_URL`. */
export default async function globalSetup() {
  const storage = process.env.FAF_STORAGE === 'ceph' ? await ceph() : null
  const directory = await mkdtemp(join(tmpdir(), 'faf-demo-'))
  const demo = spawn(process.execPath, [fileURLToPath(new URL('../../demo/start.mjs', import.meta.url))], {
    env: {
      ...process.env,
      PORT: '0',
      DEMO_DATA: directory,
      ...(storage === null
        ? {}
        : {
            S3_ENDPOINT: storage.endpoint,
            S3_REGION: storage.region,
            S3_BUCKET: 'demo',
            AWS_ACCESS_KEY_ID: storage.accessKeyId,
            AWS_SECRET_ACCESS_KEY: storage.secretAccessKey,
          }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(demo, 'exit').then(([code]) =>
    Promise.reject(new Error(`The demo ended with ${code} before it served.`)),
  )
  ended.catch(() => {})
  const served = (async () => {
    for await (const line of createInterface(demo.stdout)) {
      const url = /^Demo: (\S+)/.exec(line)?.[1]
      if (url !== undefined) return url
    }
    return Promise.reject(new Error('The demo printed no address.'))
  })()
  process.env.DEMO_URL = await Promise.race([served, ended])
  process.env.DEMO_PID = String(demo.pid)
  return async () => {
    demo.kill('SIGTERM')
    await ended.catch(() => {})
    await storage?.stop()
    await rm(directory, { recursive: true, force: true })
  }
}
