// An S3 stand-in over http for tests and demos, in Node. It checks what S3 checks of a browser's upload, and keeps
// what it is given on disk.
export type { CorsRule } from './cors.js'
export type { Fault, FaultableRequest, FaultAnswer, FaultConditions, FaultHook } from './faults.js'
export type { StorageAction, StorageUser } from './signature.js'
export {
  createTestStorage,
  type LoggedRequest,
  type TestStorage,
  type TestStorageObject,
  type TestStorageOptions,
} from './testStorage.js'
