import { describe, it } from 'vitest'
import { cephAvailable, startCeph } from '../../scripts/ceph.mjs'
import { storageContract } from './storage.contract.js'

const endpoint = process.env.FAF_CEPH_ENDPOINT

if (endpoint !== undefined) {
  storageContract(`the Ceph gateway at ${endpoint}`, async () => ({
    kind: 'ceph',
    endpoint,
    region: 'us-east-1',
    accessKeyId: 'testaccess',
    secretAccessKey: 'testsecretkey',
    stop: async () => {},
  }))
} else if (cephAvailable()) {
  storageContract('a Ceph gateway', async () => ({ kind: 'ceph', ...(await startCeph()) }))
} else {
  const why =
    "Ceph's programs (Debian: radosgw ceph-mon ceph-osd ceph-common, run as root) are not here, and FAF_CEPH_ENDPOINT is not set"
  describe('a Ceph gateway', () => {
    it.skipIf(!process.env.CI)(`is there to be tried (${why})`, () => {
      throw new Error(`${why}.`)
    })
  })
}
