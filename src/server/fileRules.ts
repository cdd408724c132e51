/** The question's limits, judged on the server by the page's own judge of types. */
import { accepts, type ServerRules } from '../protocol/index.js'

/** Rules for one call over those of the question. A member that is undefined says nothing: it lifts no limit. */
export function mergeRules(base: ServerRules, over: ServerRules | undefined): ServerRules {
  const said = Object.entries(over ?? {}).filter(([, limit]) => limit !== undefined)
  return { ...base, ...Object.fromEntries(said) }
}

/** Codes of rules that one file can break. */
export type FileRule = 'file-type' | 'file-empty' | 'file-too-small' | 'file-too-large' | 'total-too-large'

/** Codes of rules that an answer can break as a whole. */
export type AnswerRule = 'too-few' | 'too-many' | 'total-too-large'

/** Why a file or an answer is not within the rules. */
export interface Breach<Code extends string = string> {
  readonly code: Code
  readonly message: string
}

interface JudgedFile {
  readonly name: string
  readonly size: number
  readonly type: string
}

/** The first rule that a file breaks by itself; null where it breaks none. A file of 0 bytes needs `minSize: 0`. */
export function breachOf(rules: ServerRules, file: JudgedFile): Breach<FileRule> | null {
  const { accept, minSize = 1, maxSize = Infinity, maxTotalSize = Infinity } = rules
  if (!accepts(accept, file)) return { code: 'file-type', message: 'This type of file is not accepted here.' }
  if (file.size < minSize) {
    return file.size === 0
      ? { code: 'file-empty', message: 'The file is empty.' }
      : { code: 'file-too-small', message: `At least ${minSize} bytes.` }
  }
  if (file.size > maxSize) return { code: 'file-too-large', message: `At most ${maxSize} bytes.` }
  if (file.size > maxTotalSize) return { code: 'total-too-large', message: `At most ${maxTotalSize} bytes in all.` }
  return null
}

/** The rules that an answer breaks as a whole: its count and its total size. */
export function breachesOf(rules: ServerRules, files: readonly JudgedFile[]): Breach<AnswerRule>[] {
  const { minFiles = 0, maxFiles = Infinity, maxTotalSize = Infinity } = rules
  const total = files.reduce((sum, file) => sum + file.size, 0)
  const breaches: readonly (Breach<AnswerRule> | false)[] = [
    files.length < minFiles && { code: 'too-few', message: `At least ${minFiles} files.` },
    files.length > maxFiles && { code: 'too-many', message: `At most ${maxFiles} files.` },
    total > maxTotalSize && { code: 'total-too-large', message: `At most ${maxTotalSize} bytes in all.` },
  ]
  return breaches.filter((breach) => breach !== false)
}
