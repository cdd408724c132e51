/** What a host gives to `createUploads`. */
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import type { ActionName, ServerRules } from '../protocol/index.js'
import type { KnownObject } from './download.js'
import type { GrantedFile, Who } from './grantedFile.js'
import type { LogEntry } from './log.js'
import type { StandardSchema } from './standardSchema.js'
import type { StoreCapabilities, StoreName } from './stores.js'

/** A name of the storage: its URL alone, or with the way buckets are addressed where it is not `forcePathStyle`. */
export type PublicEndpoint = string | { readonly url: string; readonly forcePathStyle?: boolean }

interface StorageTarget {
  /** Where the files go, unless `objectFor` names another bucket. */
  bucket: string
  /**
   * Begins every key, such as `'uploads/'`: a–z, 0–9, `-` and `/`, at most 100 characters.
   * @default ''
   */
  prefix?: string
  /**
   * The origin that browsers reach the storage by, where it is not the one this server uses (`http://minio:9000`
   * inside, `https://files.example.com` outside). Signed into every URL. Of several names of one storage (by path and
   * by host name, dualstack) each grant gets the next: a browser opens six connections to each.
   * @default endpoint
   */
  publicEndpoint?: PublicEndpoint | readonly PublicEndpoint[]
  /**
   * The kind of store, or what it can do where that differs from what its endpoint suggests.
   * @default by the endpoint; `'ceph'` for a host that tells nothing.
   */
  store?: StoreName | Partial<StoreCapabilities>
}

/** The storage: how to reach it, or the host's own client (whatever its checksum settings; they are left alone). */
export type StorageOptions = StorageTarget &
  (
    | {
        client: S3Client
        endpoint?: never
        region?: never
        credentials?: never
        forcePathStyle?: never
      }
    | {
        client?: never
        /** @default AWS in `region` */
        endpoint?: string
        region: string
        /**
         * An identity or a provider of one. Where it has an `expiration`, no grant outlives it.
         * @default the SDK's own chain: environment, profile, role
         */
        credentials?: NonNullable<S3ClientConfig['credentials']>
        /**
         * `https://host/bucket/key` instead of `https://bucket.host/key`.
         * @default true with an `endpoint` outside AWS
         */
        forcePathStyle?: boolean
      }
  )

/** How bytes may be sent. */
export type Method = 'PUT' | 'POST' | 'MULTIPART'

/** A file that wants a grant, as `authorize` and `objectFor` see it: its name safe, its type the one that is signed. */
export interface RequestedFile {
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly type: string
  /** Path inside a chosen folder, as the page told it. */
  readonly path?: string
}

/** A call that asks for permission. */
export interface AuthorizeInput {
  /** The call itself, for cookies and headers; its body is read. */
  readonly request: Request
  readonly action: ActionName
  readonly field: string | undefined
  readonly context: Readonly<Record<string, string>>
  /** For `presign`: the files that want grants. */
  readonly files: readonly RequestedFile[]
  /** The ids the call names, not yet checked. */
  readonly ids: readonly string[]
}

export interface Permission {
  /** Whom the ids belong to: a user's or a session's id. Part of every signature. */
  readonly subject: string
  /** Narrower or wider limits for this call, over those of `rules`. */
  readonly rules?: ServerRules
}

/** See `thumbnailFor`. */
export type Thumbnail = string | KnownObject | null | undefined

/** Where and how one file is stored; what is absent is the store's default. All of it is signed. */
export interface ObjectPlan {
  readonly bucket?: string
  /** Begins the key in place of `storage.prefix`. */
  readonly prefix?: string
  /** Names of a–z, 0–9 and `-`; values of printable ASCII. */
  readonly metadata?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
  readonly cacheControl?: string
  readonly storageClass?: string
  readonly encryption?: { readonly algorithm: 'AES256' | 'aws:kms'; readonly keyId?: string }
}

/** A call that may be too many. */
export interface RateInput {
  readonly request: Request
  readonly action: ActionName
  readonly subject: string
  readonly field: string | undefined
  /** Files, ids or parts in the call; 1 for the others. */
  readonly members: number
}

/** A file that lies in storage as granted. */
export interface ArrivedFile extends GrantedFile {
  readonly id: string
  /** The storage's mark of these very bytes: a verdict is worth nothing for others. */
  readonly etag: string
}

/** What the host says of a file that has arrived; nothing means: it is stored. */
export type Verdict = { readonly status: 'checking'; readonly retryAfter: number } | { readonly status: 'unsafe' }

export interface UploadsOptions {
  storage: StorageOptions
  /** Signs the ids: 32 bytes or more. Of several the first signs and all verify, so that one can be retired. */
  secret: string | readonly string[]
  /**
   * Who calls, and may they? `null`, `undefined` or a throw refuses, and nothing is issued.
   * Throw a `Refusal` to give a reason: `throw new Refusal('rate-limited', { retryAfter: 5 })`.
   */
  authorize: (input: AuthorizeInput) => Permission | null | undefined | Promise<Permission | null | undefined>
  /**
   * The limits of a question, told to the field and enforced at `presign` and `verifyAnswer`.
   * @default none but `minSize: 1`
   */
  rules?: ServerRules | ((who: Who) => ServerRules | Promise<ServerRules>)
  /**
   * Seconds an upload grant lives, 1…604800. A form POST lives at most 900, since it can be sent again.
   * @default 900
   */
  expiresIn?: number
  /**
   * Seconds a download link lives, 1…604800.
   * @default 900
   */
  downloadExpiresIn?: number
  /**
   * The actions that are answered; the others are unknown to this endpoint.
   * @default all
   */
  actions?: readonly ActionName[]
  /**
   * How bytes may be sent. Form POST serves up to the threshold where the store has it, multipart above it, PUT otherwise.
   * @default ['POST', 'MULTIPART', 'PUT']
   */
  methods?: readonly Method[]
  /**
   * Bytes above which a file is sent in parts.
   * @default 33554432 (32 MiB)
   */
  multipartThreshold?: number
  /**
   * Bytes of a part, 5 MiB or more; grows with the file so that 10,000 parts suffice.
   * @default 8388608 (8 MiB)
   */
  partSize?: number
  /**
   * Seconds a multipart upload may take, as long as the bucket's lifecycle rule keeps unfinished ones.
   * @default 604800 (7 days)
   */
  multipartLifetime?: number
  /**
   * Whether the field asks for `complete` after every upload.
   * @default true with `onStored`, and for stores that do not hold a PUT to its signed length
   */
  confirm?: boolean
  /**
   * Bytes up to which a file is read back from storage and hashed, at `complete` and by `verifyAnswer`, where the page
   * gave its checksum and the store doesn't verify SHA-256 by itself. Each look costs a read of the whole file, and the
   * field waits 30 s for `complete`: set it to what your server reads from storage in a few seconds.
   * @default 0: never, and what such a store holds is as the network left it
   */
  readBack?: number
  /**
   * Bucket, prefix, metadata and so on of one file. Called again when a grant is renewed; the key then stays.
   * A `Refusal` thrown here refuses this one file, and the others of the call are granted.
   */
  objectFor?: (input: { file: RequestedFile } & Who) => ObjectPlan | Promise<ObjectPlan>
  /**
   * For hosts with a database: the id of a granted file, in place of ours. Goes with `readId`.
   * @default a signed id that carries the file
   */
  issueId?: (file: GrantedFile, who: Who) => string | number | Promise<string | number>
  /** The file that `issueId` gave the id for, if it is this person's; null for unknown, foreign and malformed ids alike. */
  readId?: (id: string, who: Who) => GrantedFile | null | Promise<GrantedFile | null>
  /**
   * Called when `complete` has found the file in storage, and by `verifyAnswer`, `keep` and `claim` for files that were
   * not saved before; so several times for one file.
   * `checking` (a scan is running) makes the field ask again after `retryAfter` seconds; `unsafe` refuses the file.
   */
  onStored?: (file: ArrivedFile, who: Who) => Verdict | void | Promise<Verdict | void>
  /**
   * Checks the `context` that the page sends with every call, and gives what it counts as: any Standard Schema (valibot,
   * zod, arktype) of a record of strings. What does not fit is refused as `invalid`, before `authorize`.
   * @default a record of strings, 32 of at most 1,024 characters
   */
  context?: StandardSchema<Readonly<Record<string, string | undefined>>>
  /**
   * Whether this call is one too many: the seconds to wait, or nothing. Asked after `authorize`; counting is yours, in
   * whatever your copies share.
   */
  limitRate?: (input: RateInput) => number | void | Promise<number | void>
  /**
   * How `claim` tells files of saved answers from those that nobody handed in, which a lifecycle rule deletes: copied to
   * another prefix under a new id, or freed of the tag `pending` that the grant signed (the id stays; stores with tags
   * only; a form POST can then replace the bytes for 15 minutes).
   * @default 'copy'
   */
  claimBy?: 'copy' | 'tag'
  /**
   * By copy: begins the keys of claimed files.
   * @default 'answers/'
   */
  claimedPrefix?: string
  /**
   * By copy: begins the keys of files that `keep` keeps.
   * @default 'drafts/'
   */
  draftsPrefix?: string
  /**
   * The picture that stands for a file in `describe`: an http(s) URL, or an object of yours to sign a link for; nothing
   * for none. `'original'`: the file itself, for PNG, JPEG, GIF, WebP and AVIF up to 1 MiB.
   * @default none
   */
  thumbnailFor?:
    | 'original'
    | ((file: GrantedFile & { readonly id: string }, who: Who) => Thumbnail | Promise<Thumbnail>)
  /** Told of every call, for the host's own log. Holds no URL, secret or token. */
  onLog?: (entry: LogEntry) => void
  /**
   * Other origins whose pages may call, such as `'https://forms.example.com'`.
   * @default none: only pages of this origin
   */
  allowedOrigins?: readonly string[]
  /**
   * Types whose download links open in the browser instead of being saved, such as `['image/png', 'application/pdf']`.
   * Types that a browser runs (HTML, SVG, XML, scripts) are refused.
   * @default none
   */
  inlineTypes?: readonly string[]
  /**
   * Files, ids or parts in one call.
   * @default 200
   */
  maxMembers?: number
  /**
   * Bytes of a call's body.
   * @default 262144 (256 KiB)
   */
  maxBodyBytes?: number
}
