import { fileURLToPath } from 'node:url'

const source = (path: string) => fileURLToPath(new URL(`../src/${path}`, import.meta.url))

/** The package's subpaths, answered from its sources: for the demo, stories and tests. Longest first. */
export const sourceAliases = [
  { find: /^file-answer-field\/locales\/(.+)$/, replacement: `${source('locales')}/$1.ts` },
  { find: /^file-answer-field\/(styles|theme-shadcn)\.css(\?.*)?$/, replacement: `${source('field')}/$1.css$2` },
  { find: /^file-answer-field\/testing\/storage$/, replacement: source('testing/storage/index.ts') },
  { find: /^file-answer-field\/testing$/, replacement: source('testing.ts') },
  { find: /^file-answer-field\/server\/node$/, replacement: source('server/node.ts') },
  { find: /^file-answer-field\/server$/, replacement: source('server.ts') },
  { find: /^file-answer-field\/engine$/, replacement: source('engine.ts') },
  { find: /^file-answer-field\/accept$/, replacement: source('accept.ts') },
  { find: /^file-answer-field$/, replacement: source('index.ts') },
]
