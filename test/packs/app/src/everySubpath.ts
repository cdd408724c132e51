// Every subpath with its types, by each way of resolving modules that TypeScript knows for such a package.
import type { FileAnswerFieldProps, FileAnswerHandle, Messages } from 'file-answer-field'
import { documents } from 'file-answer-field/accept'
import { createFileAnswer, type FileAnswer } from 'file-answer-field/engine'
import { de } from 'file-answer-field/locales/de'
import { en } from 'file-answer-field/locales/en'
import { es } from 'file-answer-field/locales/es'
import { fr } from 'file-answer-field/locales/fr'
import { ja } from 'file-answer-field/locales/ja'
import { ko } from 'file-answer-field/locales/ko'
import { zhHans } from 'file-answer-field/locales/zh-Hans'
import type { UploadsOptions } from 'file-answer-field/server'
import { toNodeListener } from 'file-answer-field/server/node'
import { createMemoryBackend } from 'file-answer-field/testing'
import type { TestStorage } from 'file-answer-field/testing/storage'

export const catalogues: readonly Messages[] = [de, en, es, fr, ja, ko, zhHans]
export const answer: FileAnswer = createFileAnswer({ backend: createMemoryBackend(), accept: documents })
export type Props = [FileAnswerFieldProps, FileAnswerHandle, UploadsOptions, TestStorage, typeof toNodeListener]

// A subpath whose types are not found is `any`, which takes everything.
// @ts-expect-error A catalogue is no number.
export const noCatalogue: number = zhHans
// @ts-expect-error The field has a label.
export const noProps: FileAnswerFieldProps = { endpoint: '/api/uploads' }
