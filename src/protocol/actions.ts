/** The actions of the JSON protocol between field and backend: the shapes of requests and answers. One URL, POST. */

/** At most this many files, ids or parts a call, unless the backend says less (413 `batch-too-large` with `limit`). */
export const maxMembersPerCall = 200

/**
 * Bytes up to which a file, or one part of a file, is hashed: 32 MiB. `crypto.subtle` takes all bytes at once, so this
 * bounds the memory a page needs.
 */
export const maxHashedBytes = 32 * 1024 * 1024

/** Sent with every action: which question is answered, and whatever else the host's `authorize` needs. */
export interface ActionContext {
  readonly field?: string
  readonly context?: Readonly<Record<string, string>>
}

/** One file that wants a grant. */
export interface UploadRequest {
  /** Random and constant for an entry: a repeated request for the same key is for the same file. */
  readonly key: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** The content type that will be sent. */
  readonly type: string
  /** Path inside a chosen folder. */
  readonly path?: string
  /** Base64 SHA-256 of the bytes. */
  readonly checksum?: string
  /** The page can give the SHA-256 of each part, should the file be sent in parts. */
  readonly partChecksums?: boolean
  /** Renews the grant of this id. */
  readonly id?: string
}

export type ErrorBody = {
  readonly error: { readonly code: string; readonly message?: string; readonly limit?: number }
}

export type GrantBody = {
  readonly key?: string
  readonly id: string | number
  readonly expiresIn?: number
  readonly confirm?: boolean
} & (
  | { readonly method?: 'PUT'; readonly url: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly method: 'POST'; readonly url: string; readonly fields: Readonly<Record<string, string>> }
  | {
      readonly method: 'MULTIPART'
      readonly upload: string
      readonly partSize: number
      readonly parts: readonly {
        readonly partNumber: number
        readonly url: string
        readonly headers?: Readonly<Record<string, string>>
      }[]
      /** `presign-parts` wants the parts' checksums, `complete` the checksum of all of them. */
      readonly partChecksums?: boolean
    }
)

export interface PresignAnswer {
  /** Matched by `key` where given, else by position with equal counts. */
  readonly grants: readonly (GrantBody | ({ readonly key?: string } & ErrorBody))[]
}

export interface PresignPartsRequest {
  readonly id: string
  readonly upload: string
  readonly partNumbers: readonly number[]
  /** Base64 SHA-256 of each part, in the order of `partNumbers`. */
  readonly checksums?: readonly string[]
}

export interface PresignPartsAnswer {
  readonly parts: readonly {
    readonly partNumber: number
    readonly url: string
    readonly headers?: Readonly<Record<string, string>>
  }[]
  /** Seconds from issue. */
  readonly expiresIn?: number
}

/** Names a multipart upload; `upload` is absent for files sent in one request. */
export interface UploadReference {
  readonly id: string
  readonly upload?: string
}

export interface CompleteRequest extends UploadReference {
  /** Base64 SHA-256 of the SHA-256s (as bytes) of all parts in order: what S3 calls a composite checksum. */
  readonly checksum?: string
}

export interface ListPartsAnswer {
  readonly parts: readonly { readonly partNumber: number; readonly etag: string; readonly size: number }[]
}

/** Stored, or (202) still being checked: ask again after `retryAfter` seconds. */
export type CompleteAnswer =
  | { readonly id: string; readonly size: number }
  | { readonly id: string; readonly status: 'checking'; readonly retryAfter: number }

export interface DescribedFile {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly type: string
  readonly url: string
  readonly thumbnailUrl?: string
  /** Seconds from issue until `url` ends. */
  readonly expiresIn?: number
}

export interface DescribeAnswer {
  readonly files: readonly (
    | DescribedFile
    | { readonly id: string; readonly error: { readonly code: string; readonly message?: string } }
  )[]
}

/** Limits as the server decides them; bytes and counts. */
export interface ServerRules {
  readonly accept?: string | Readonly<Record<string, readonly string[]>>
  readonly minFiles?: number
  readonly maxFiles?: number
  readonly minSize?: number
  readonly maxSize?: number
  readonly maxTotalSize?: number
}

export interface RulesAnswer {
  readonly rules: ServerRules
}

export type ActionName =
  | 'presign'
  | 'presign-parts'
  | 'list-parts'
  | 'complete'
  | 'abort'
  | 'describe'
  | 'discard'
  | 'rules'
