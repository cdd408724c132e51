// What a browser upload may rely on from storage, stated once and held against the stand-in and against a real gateway.
// Where they differ, the test says so by `kind`; docs/storage-stand-in.md lists these differences.
import { afterAll, beforeAll, describe } from 'vitest'
import { type Contract, openContract, type StorageUnderTest } from './grants.js'
import { corsContract } from './cors.contract.js'
import { downloadContract } from './download.contract.js'
import { formContract } from './form.contract.js'
import { multipartContract } from './multipart.contract.js'
import { putContract } from './put.contract.js'
import { serverContract } from './server.contract.js'

export function storageContract(name: string, start: () => Promise<StorageUnderTest>): void {
  describe(name, () => {
    let opened: Contract | undefined
    const contract = () => {
      if (!opened) throw new Error('Storage has not started.')
      return opened
    }
    // Ceph takes 15 s to start, more on a busy machine.
    beforeAll(async () => {
      opened = await openContract(await start())
    }, 120_000)
    afterAll(() => opened?.storage.stop(), 30_000)

    putContract(contract)
    formContract(contract)
    multipartContract(contract)
    corsContract(contract)
    downloadContract(contract)
    serverContract(contract)
  })
}
