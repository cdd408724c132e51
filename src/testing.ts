/**
 * For hosts' tests and stories, in jsdom, Happy DOM, Storybook and real browsers: a backend in memory, files chosen,
 * dropped and pasted, and the protocol as a `fetch`. An S3 stand-in over http is `file-answer-field/testing/storage`.
 */
export { chooseFiles, dragFiles, dropFiles, pasteFiles } from './testing/chooseFiles.js'
export { createFetchMock, type FetchMockOptions } from './testing/handlers.js'
export { makeFile } from './testing/makeFile.js'
export {
  createMemoryBackend,
  type MemoryBackend,
  type MemoryBackendOptions,
  type MemoryCall,
  type MemoryStep,
} from './testing/memoryBackend.js'
