/** The `presign` action: judges each file, gives it an id and a key, and signs how its bytes may be sent. */
import { type GrantBody, maxHashedBytes, type PresignAnswer } from '../protocol/index.js'
import type { Call } from './call.js'
import { type Breach, breachOf } from './fileRules.js'
import { newKey } from './fileId.js'
import type { GrantedFile, Who } from './grantedFile.js'
import { checksumName, readsBack } from './integrity.js'
import { stageOf } from './lasting.js'
import { beginUpload, cut } from './multipart.js'
import { safeName } from './names.js'
import { uploadTags } from './objectTags.js'
import { checkedPlan, type PlannedObject } from './objectPlan.js'
import type { Method, ObjectPlan, RequestedFile } from './options.js'
import { inParallel } from './parallel.js'
import { signPart, signPost, signPut } from './presign.js'
import { Refusal } from './refusal.js'
import type { Body } from './requests.js'
import { signedType } from './safeTypes.js'
import type { Settings } from './settings.js'
import { lifetime, storedObject } from './storage.js'
import { issueUploadToken, partLength } from './uploadToken.js'

type FileRequest = Body<'presign'>['files'][number]

/** URLs of parts that come with a grant; the field asks for more as it goes. */
const firstParts = 16
/** S3 takes up to 5 GiB in one request. */
const maxSingleBytes = 5 * 1024 ** 3
/** Parts of 5 GiB, ten thousand of them. */
const maxMultipartBytes = maxSingleBytes * 10_000
/** A form POST can be sent again while its policy lives, so it is kept short. Seconds. */
const maxPostLifetime = 900

/** A file as it will be stored: its name safe, its type the one that is signed. */
export function requestedFile(file: FileRequest): RequestedFile {
  const { name, size, path } = file
  const plain = { name: safeName(name), size, type: signedType(name, file.type) }
  return path === undefined ? plain : { ...plain, path }
}

/** How a file of this size is sent; null where no method that is allowed here can. */
export async function methodFor(
  size: number,
  { methods, multipartThreshold, storage }: Settings,
): Promise<Method | null> {
  const { formPost } = await storage.can()
  const post = methods.has('POST') && formPost && size <= maxSingleBytes
  const put = methods.has('PUT') && size <= maxSingleBytes
  const multipart = methods.has('MULTIPART') && size <= maxMultipartBytes
  if (size > multipartThreshold && multipart) return 'MULTIPART'
  if (size <= multipartThreshold && post) return 'POST'
  return put ? 'PUT' : post ? 'POST' : multipart ? 'MULTIPART' : null
}

/** Answers `presign`. A file that breaks a rule gets an error in its place; the others their grants. */
export async function presign(call: Call<'presign'>, settings: Settings): Promise<PresignAnswer> {
  const { files } = call.body
  const expiresIn = await lifetime(settings.storage, settings.expiresIn)
  const first = new Map<string, { file: FileRequest; grant: ReturnType<typeof grantFor> }>()
  const grants = await inParallel(files, (file) => {
    // One key is one file: said twice in a call, it gets one grant.
    const before = first.get(file.key)
    if (before !== undefined) {
      if (JSON.stringify(before.file) === JSON.stringify(file)) return before.grant
      throw new Refusal('invalid', { message: 'Two files of one call have the same key.' })
    }
    const grant = grantFor(file, call, settings, expiresIn)
    first.set(file.key, { file, grant })
    return grant
  })
  return { grants }
}

const errorFor = (key: string, { code, message }: Breach) => ({ key, error: { code, message } })

async function grantFor(request: FileRequest, call: Call<'presign'>, settings: Settings, expiresIn: number) {
  const { key, id: renewed, checksum, partChecksums = false } = request
  const file = requestedFile(request)
  const breach = breachOf(call.rules, file)
  if (breach !== null) return errorFor(key, breach)
  const method = await methodFor(file.size, settings)
  if (method === null) return errorFor(key, { code: 'file-too-large', message: 'Larger than can be sent here.' })

  const plan = await planFor(file, call.who, settings)
  if (plan instanceof Refusal) return errorFor(key, plan)
  const granted =
    renewed === undefined ? newFile(file, plan, settings) : await renewedFile(renewed, file, call.who, settings)
  if (granted === null) return errorFor(key, { code: 'invalid', message: 'This id cannot be renewed.' })
  const id = renewed ?? (await settings.ids.issue(granted, call.who))

  // What will be compared has to be beyond the page's reach until then: it is signed as the object's own metadata.
  const compares = checksum !== undefined && (await readsBack(granted.size, settings))
  const metadata = compares ? { metadata: { ...plan.metadata, [checksumName]: checksum } } : {}
  const object: PlannedObject = { ...granted, plan: { ...plan, ...metadata }, checksum }
  const body = await signFor(
    renewed === undefined ? method : await renewedMethod(method, granted, settings, call.signal),
    { id, granted, object },
    settings,
    { expiresIn, partChecksums, signal: call.signal },
  )
  return { key, ...body, ...(compares || (await settings.confirm()) ? { confirm: true } : {}) }
}

/** Where and how the host wants the file stored, or why not. */
async function planFor(file: RequestedFile, who: Who, settings: Settings): Promise<ObjectPlan | Refusal> {
  const { objectFor } = settings
  try {
    return pendingPlan(checkedPlan((await objectFor?.({ file, ...who })) ?? {}), settings)
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown
    throw thrown
  }
}

/** The plan of a file that nobody has handed in yet. @throws TypeError where it would count as handed in at once. */
function pendingPlan(plan: ObjectPlan, { lasting }: Settings): ObjectPlan {
  if (lasting.by === 'tag') return { ...plan, tags: { ...plan.tags, ...uploadTags } }
  if (plan.prefix === undefined || stageOf(plan.prefix, lasting) === 'upload') return plan
  throw new TypeError(`objectFor: files under ${plan.prefix} count as handed in; see claimedPrefix and draftsPrefix.`)
}

function newFile(file: RequestedFile, plan: ObjectPlan, { storage }: Settings): GrantedFile {
  return {
    bucket: plan.bucket ?? storage.bucket,
    key: newKey(plan.prefix ?? storage.prefix),
    name: file.name,
    size: file.size,
    type: file.type,
    issuedAt: Math.floor(Date.now() / 1000),
  }
}

/** The file behind an id, where it is this person's, still the same file, and not handed in yet. */
async function renewedFile(
  id: string,
  file: RequestedFile,
  who: Who,
  { ids, lasting }: Settings,
): Promise<GrantedFile | null> {
  const granted = await ids.read(id, who)
  if (granted === null || granted.size !== file.size || granted.type !== file.type) return null
  return stageOf(granted.key, lasting) === 'upload' ? granted : null
}

/**
 * A form POST overwrites. Where the file is stored already (its answer was lost, or somebody wants to swap the bytes of
 * an answer that was handed in), the renewed grant is a PUT that can only answer 412.
 */
async function renewedMethod(
  method: Method,
  file: GrantedFile,
  settings: Settings,
  signal: AbortSignal,
): Promise<Method> {
  const { storage, methods } = settings
  if (method !== 'POST' || !methods.has('PUT') || !(await storage.can()).ifNoneMatch) return method
  return (await storedObject(storage, file, signal)) === null ? 'POST' : 'PUT'
}

async function signFor(
  method: Method,
  { id, granted, object }: { id: string; granted: GrantedFile; object: PlannedObject },
  settings: Settings,
  o: { expiresIn: number; partChecksums: boolean; signal: AbortSignal },
): Promise<GrantBody> {
  const { storage } = settings
  const { expiresIn, signal } = o
  if (method === 'PUT') return { id, method, ...(await signPut(storage, object, expiresIn)), expiresIn }
  if (method === 'POST') {
    const seconds = Math.min(expiresIn, maxPostLifetime)
    return { id, method, ...(await signPost(storage, object, seconds)), expiresIn: seconds }
  }
  const pieces = cut(granted.size, settings.partSize)
  const verifies = (await storage.can()).checksum === 'sha256'
  // Of use where the storage verifies each, or where the file is read back and no checksum of the whole is known.
  const partChecksums =
    o.partChecksums &&
    pieces.partSize <= maxHashedBytes &&
    (verifies ? settings.actions.has('presign-parts') : !object.checksum && (await readsBack(granted.size, settings)))
  const sha256 = verifies && partChecksums
  const plan = {
    uploadId: await beginUpload(storage, object, { sha256, signal }),
    size: granted.size,
    ...pieces,
    endsAt: Math.floor(Date.now() / 1000) + settings.multipartLifetime,
    partChecksums,
    tags: (await storage.can()).multipartTags ? undefined : object.plan.tags,
  }
  // With checksums in their signatures, URLs of parts have to be asked for.
  const count = sha256 ? 0 : Math.min(plan.partCount, firstParts)
  const parts = Array.from({ length: count }, (_, index) => {
    const part = { uploadId: plan.uploadId, partNumber: index + 1, size: partLength(plan, index + 1) }
    return signPart(storage, granted, part, expiresIn)
  })
  const upload = await issueUploadToken(settings.keyring, id, plan)
  const body = { id, method, upload, partSize: plan.partSize, parts: await Promise.all(parts), expiresIn }
  return partChecksums ? { ...body, partChecksums } : body
}
