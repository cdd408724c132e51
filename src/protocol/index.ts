/** The JSON protocol between field and backend, the Backend interface and the failures. Imports nothing of ours. */
export * from './actions.js'
export * from './backend.js'
export * from './completion.js'
export * from './failure.js'
export * from './grant.js'
export * from './storedFile.js'
export * from './accept.js'
export * from './fileTypes.js'
