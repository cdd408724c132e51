/** Where grants come from: an endpoint, the host's own functions, or a whole backend. */
import type { Rules } from '../answer/admission.js'
import type { Backend } from '../protocol/backend.js'
import type { StoredFile } from '../protocol/storedFile.js'
import { type Endpoint, endpointBackend } from './endpointBackend.js'
import type { Environment } from './environment.js'
import type { PageLifeSettings } from './pageLife.js'
import {
  type ConfirmUpload,
  type DescribeFiles,
  type HostFunctions,
  hostBackend,
  type RequestUpload,
} from './hostBackend.js'

/** Exactly one of the three; mixing them does not compile. */
export type Source =
  | {
      /** The URL that answers the protocol, or how to call it. */
      readonly endpoint: string | Endpoint
      readonly requestUpload?: never
      readonly confirmUpload?: never
      readonly describeFiles?: never
      readonly backend?: never
    }
  | {
      readonly requestUpload: RequestUpload
      readonly confirmUpload?: ConfirmUpload | undefined
      readonly describeFiles?: DescribeFiles | undefined
      readonly endpoint?: never
      readonly backend?: never
    }
  | {
      readonly backend: Backend
      readonly endpoint?: never
      readonly requestUpload?: never
      readonly confirmUpload?: never
      readonly describeFiles?: never
    }

/** What can change while an answer lives. */
export type FileAnswerSettings = Source &
  Rules &
  PageLifeSettings & {
    /** The question's name, sent with every action. */
    readonly field?: string | undefined
    /** Whatever else the backend's `authorize` needs, sent with every action. */
    readonly context?: Readonly<Record<string, string>> | undefined
    /**
     * Sends the SHA-256 of each file with its request for a grant, so that what is stored can be told from what was
     * sent: of the whole file up to 32 MiB, of each part where a file is sent in parts. What is verified then, and by
     * whom, is the backend's and the storage's: docs/security.md. Needs https; costs reading each file once more.
     * @default none
     */
    readonly checksum?: 'sha-256' | undefined
    /** Names and sizes for ids, without a request. */
    readonly knownFiles?: readonly StoredFile[] | undefined
  }

/** The backend of the newest settings; headers and functions are read from them at every call. */
export function backendOf(settings: () => FileAnswerSettings, environment: Environment): Backend {
  const source = settings()
  if (source.backend !== undefined) return source.backend
  if (source.endpoint !== undefined) return endpointBackend(() => settings().endpoint ?? source.endpoint, environment)
  return hostBackend(() => settings() as HostFunctions)
}

const urlOf = ({ endpoint }: FileAnswerSettings): string | undefined =>
  typeof endpoint === 'object' ? endpoint.url : endpoint

/** Inline objects differ at every render: whether another kind of source, or another URL, answers from now on. */
export function answersElsewhere(a: FileAnswerSettings, b: FileAnswerSettings): boolean {
  return a.backend !== b.backend || urlOf(a) !== urlOf(b)
}
