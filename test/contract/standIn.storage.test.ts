import { createTestStorage } from '../../src/testing/storage/index.js'
import { storageContract } from './storage.contract.js'

storageContract('the stand-in', async () => ({ kind: 'stand-in', ...(await createTestStorage()) }))
