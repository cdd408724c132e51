// A one-node Ceph RADOS gateway for tests: `startCeph()` from code, `node scripts/ceph.mjs start|stop [PORT]` by hand.
import { execFile, execFileSync } from 'node:child_process'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const script = join(dirname(fileURLToPath(import.meta.url)), 'ceph.sh')
const programs = ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph', 'ceph-authtool', 'monmaptool']

/** Whether Ceph's programs are installed on this machine and may be run (it wants root). */
export function cephAvailable() {
  try {
    execFileSync('which', programs, { stdio: 'ignore' })
    return process.getuid?.() === 0
  } catch {
    return false
  }
}

const portIsFree = (port) =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** The first of the ports 9700, 9702, … that is free together with its neighbour (the monitor's). */
async function freePort() {
  for (let port = 9700; port < 9900; port += 2) {
    if ((await portIsFree(port)) && (await portIsFree(port + 1))) return port
  }
  throw new Error('No free port for Ceph between 9700 and 9900.')
}

/**
 * Starts a gateway of its own (about 15 s) and resolves once it answers.
 * @param {{ port?: number }} [options]
 */
export async function startCeph({ port } = {}) {
  const gateway = port ?? (await freePort())
  const directory = join(tmpdir(), `faf-ceph-${gateway}`)
  await promisify(execFile)('bash', [script, 'start', directory, String(gateway)], { maxBuffer: 1 << 22 })
  return {
    endpoint: `http://127.0.0.1:${gateway}`,
    region: 'us-east-1',
    accessKeyId: 'testaccess',
    secretAccessKey: 'testsecretkey',
    stop: async () => {
      await promisify(execFile)('bash', [script, 'stop', directory])
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [action = 'start', port = '9700'] = process.argv.slice(2)
  if (action === 'stop') {
    execFileSync('bash', [script, 'stop', join(tmpdir(), `faf-ceph-${port}`)])
  } else {
    const ceph = await startCeph({ port: Number(port) })
    console.log(`${ceph.endpoint} ${ceph.accessKeyId} ${ceph.secretAccessKey}`)
  }
}
