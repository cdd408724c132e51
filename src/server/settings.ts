/** The host's options checked once, with defaults filled in: what every action works with. */
import type { ActionName, ServerRules } from '../protocol/index.js'
import { maxMembersPerCall } from '../protocol/index.js'
import { createFileIds, type FileIds } from './fileId.js'
import type { Who } from './grantedFile.js'
import { createKeyring, type Keyring, testSecret } from './keyring.js'
import { type Lasting, lastingOf } from './lasting.js'
import type { Method, UploadsOptions } from './options.js'
import { isActiveType } from './safeTypes.js'
import { createStorage, type Storage } from './storage.js'
import { capabilitiesOf } from './stores.js'

const MiB = 1024 * 1024
/** Seconds; the longest that SigV4 allows. */
export const week = 604_800

export const actionNames: readonly ActionName[] = [
  'presign',
  'presign-parts',
  'list-parts',
  'complete',
  'abort',
  'describe',
  'discard',
  'rules',
]

export interface Settings {
  readonly storage: Storage
  readonly keyring: Keyring
  readonly ids: FileIds
  readonly authorize: UploadsOptions['authorize']
  readonly objectFor: UploadsOptions['objectFor']
  readonly onStored: UploadsOptions['onStored']
  readonly onLog: UploadsOptions['onLog']
  readonly limitRate: UploadsOptions['limitRate']
  readonly thumbnailFor: UploadsOptions['thumbnailFor']
  readonly contextSchema: UploadsOptions['context']
  readonly lasting: Lasting
  readonly rulesFor: (who: Who) => Promise<ServerRules>
  /** Seconds. */
  readonly expiresIn: number
  /** Seconds. */
  readonly downloadExpiresIn: number
  readonly actions: ReadonlySet<string>
  readonly methods: ReadonlySet<Method>
  /** Bytes. */
  readonly multipartThreshold: number
  /** Bytes. */
  readonly partSize: number
  /** Seconds. */
  readonly multipartLifetime: number
  readonly confirm: () => Promise<boolean>
  /** Bytes; 0: never. */
  readonly readBack: number
  readonly allowedOrigins: ReadonlySet<string>
  readonly inlineTypes: ReadonlySet<string>
  readonly maxMembers: number
  readonly maxBodyBytes: number
}

/** @throws TypeError for what is no whole number within the bounds. */
export function integer(name: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw new TypeError(`${name}: a whole number from ${least} to ${most}, not ${String(value)}.`)
}

function members<Name extends string>(
  name: string,
  values: readonly Name[],
  known: readonly Name[],
): ReadonlySet<Name> {
  const strange = values.find((value) => !known.includes(value))
  if (strange === undefined && values.length > 0) return new Set(values)
  throw new TypeError(`${name}: one or more of ${known.join(', ')}.`)
}

const originOf = (origin: string): string => {
  if (URL.canParse(origin) && new URL(origin).origin === origin) return origin
  throw new TypeError(`allowedOrigins: origins such as "https://forms.example.com", not ${JSON.stringify(origin)}.`)
}

function inlineType(type: string): string {
  if (!isActiveType(type)) return type.toLowerCase()
  throw new TypeError(`inlineTypes: ${type} is run by browsers and is never shown inline.`)
}

const isOnThisMachine = (endpoint: string | undefined): boolean =>
  endpoint !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(endpoint).hostname)

function idsOf(options: UploadsOptions, keyring: Keyring, bucket: string): FileIds {
  const { issueId, readId } = options
  if (issueId === undefined && readId === undefined) return createFileIds(keyring, bucket)
  if (issueId === undefined || readId === undefined) throw new TypeError('issueId and readId go together.')
  return {
    issue: async (file, who) => String(await issueId(file, who)),
    read: async (id, who) => (typeof id === 'string' ? ((await readId(id, who)) ?? null) : null),
  }
}

/** Checks the options and fills in the defaults. @throws TypeError that names the option to mend. */
export function settingsOf(options: UploadsOptions): Settings {
  if (typeof options.authorize !== 'function')
    throw new TypeError('authorize is missing: nothing is issued without it.')
  const keyring = createKeyring(options.secret)
  const storage = createStorage(options.storage)
  const { client, endpoint, store } = options.storage
  if ([options.secret].flat().includes(testSecret) && !isOnThisMachine(endpoint)) {
    throw new TypeError('secret: testSecret is known to everybody; give a secret of your own.')
  }
  if (options.claimBy === 'tag' && client === undefined && !capabilitiesOf(store, endpoint).tags) {
    throw new TypeError('claimBy: this store keeps no tags; claim by copy.')
  }
  const { rules = {}, objectFor, onStored, onLog, authorize, limitRate, thumbnailFor } = options
  const { claimBy = 'copy', draftsPrefix = 'drafts/', claimedPrefix = 'answers/' } = options
  return {
    storage,
    keyring,
    ids: idsOf(options, keyring, storage.bucket),
    authorize,
    objectFor,
    onStored,
    onLog,
    limitRate,
    thumbnailFor,
    contextSchema: options.context,
    lasting: lastingOf(claimBy, storage.prefix, draftsPrefix, claimedPrefix),
    rulesFor: async (who) => (typeof rules === 'function' ? rules(who) : rules),
    expiresIn: integer('expiresIn', options.expiresIn ?? 900, 1, week),
    downloadExpiresIn: integer('downloadExpiresIn', options.downloadExpiresIn ?? 900, 1, week),
    actions: members('actions', options.actions ?? actionNames, actionNames),
    methods: members('methods', options.methods ?? ['POST', 'MULTIPART', 'PUT'], ['POST', 'MULTIPART', 'PUT']),
    multipartThreshold: integer('multipartThreshold', options.multipartThreshold ?? 32 * MiB, 0, 5 * 1024 * MiB),
    partSize: integer('partSize', options.partSize ?? 8 * MiB, 5 * MiB, 5 * 1024 * MiB),
    multipartLifetime: integer('multipartLifetime', options.multipartLifetime ?? week, 1, 31_536_000),
    confirm: async () => options.confirm ?? (onStored !== undefined || !(await storage.can()).signsLength),
    readBack: integer('readBack', options.readBack ?? 0, 0, 5 * 1024 ** 4),
    allowedOrigins: new Set((options.allowedOrigins ?? []).map(originOf)),
    inlineTypes: new Set((options.inlineTypes ?? []).map(inlineType)),
    maxMembers: integer('maxMembers', options.maxMembers ?? maxMembersPerCall, 1, 1000),
    maxBodyBytes: integer('maxBodyBytes', options.maxBodyBytes ?? 262_144, 1024, 16 * MiB),
  }
}
