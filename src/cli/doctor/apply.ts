/** `--apply`: what is there, what would be, the difference, and the writing. What is not ours in a document stays. */
import {
  type CORSRule,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  type LifecycleRule,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3'
import { statusOf, storageCodeOf } from '../../server/storage.js'
import { plainly } from '../plainly.js'
import type { Place } from './place.js'
import { corsDocument, lifecycleDocument, policyDocument } from './remedies.js'

/** One document of a bucket. */
export interface Change {
  readonly title: 'CORS' | 'lifecycle' | 'policy'
  /** Lines that go (`-`), come (`+`) and stay. */
  readonly difference: string
  /** Rejects with what the storage answers. */
  write(): Promise<void>
}

/** A document that can't be written, and why. */
export interface Skipped {
  readonly title: Change['title']
  readonly why: string
}

/** Lines of two texts by their longest common sequence. */
export function differenceOf(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')]
  const lengths = Array.from({ length: old.length + 1 }, () => Array.from({ length: now.length + 1 }, () => 0))
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = now.length - 1; column >= 0; column--) {
      const line = lengths[row] as number[]
      line[column] =
        old[row] === now[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const lines: string[] = []
  let [row, column] = [0, 0]
  while (row < old.length || column < now.length) {
    if (row < old.length && column < now.length && old[row] === now[column]) {
      lines.push(`  ${old[row++]}`)
      column++
    } else if (column >= now.length || (row < old.length && at(row + 1, column) >= at(row, column + 1)))
      lines.push(`- ${old[row++]}`)
    else lines.push(`+ ${now[column++]}`)
  }
  return lines.join('\n')
}

/** A configuration that was never put is none. */
async function orNone<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (thrown) {
    if (statusOf(thrown) === 404 || /^NoSuch(CORS|Lifecycle|BucketPolicy)/.test(storageCodeOf(thrown) ?? ''))
      return null
    throw thrown
  }
}

interface Planned {
  readonly before: unknown
  readonly after: unknown
  write(): Promise<unknown>
}

const sameOrigins = ({ AllowedOrigins: one = [] }: CORSRule, other: readonly string[]) =>
  one.length === other.length && one.every((origin) => other.includes(origin))

async function plannedCors(place: Place): Promise<Planned> {
  const { client, bucket } = place.storage
  const rules = (await orNone(client.send(new GetBucketCorsCommand({ Bucket: bucket }))))?.CORSRules ?? []
  const ours = corsDocument(place).CORSRules as unknown as CORSRule[]
  // Ours first: the first rule that fits decides.
  const CORSRules = [...ours, ...rules.filter((rule) => !sameOrigins(rule, [place.options.origin]))]
  return {
    before: rules,
    after: CORSRules,
    write: () => client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules } })),
  }
}

async function plannedLifecycle(place: Place): Promise<Planned> {
  const { client, bucket } = place.storage
  const rules = (await orNone(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))))?.Rules ?? []
  const ours = lifecycleDocument(place).Rules as unknown as LifecycleRule[]
  const others = rules.filter(({ ID }) => !ours.some((rule) => rule.ID === ID))
  // Their order means nothing, and some stores give them back in another.
  const byId = (list: readonly LifecycleRule[]) =>
    list.toSorted((one, other) => ((one.ID ?? '') < (other.ID ?? '') ? -1 : 1))
  const Rules = byId([...others, ...ours])
  const configuration = { Bucket: bucket, LifecycleConfiguration: { Rules } }
  return {
    before: byId(rules),
    after: Rules,
    write: () => client.send(new PutBucketLifecycleConfigurationCommand(configuration)),
  }
}

async function plannedPolicy(place: Place): Promise<Planned> {
  const { client, bucket } = place.storage
  const text = (await orNone(client.send(new GetBucketPolicyCommand({ Bucket: bucket }))))?.Policy
  const before = (text === undefined ? null : JSON.parse(text)) as { Statement?: { Sid?: string }[] } | null
  const ours = policyDocument(place)
  const others = (before?.Statement ?? []).filter(
    ({ Sid }) => !ours.Statement.some((statement) => statement.Sid === Sid),
  )
  const after = { ...before, Version: ours.Version, Statement: [...others, ...ours.Statement] }
  return {
    before: before ?? {},
    after,
    write: () => client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(after) })),
  }
}

/** A value with its members in one order, whatever order the storage gave them in; so too lists of names, which are sets. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const members = (value as unknown[]).map(sorted)
    return members.every((member) => typeof member === 'string') ? members.toSorted() : members
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  )
}

const shown = (value: unknown) => JSON.stringify(sorted(value), null, 2)

/** Looks at what the bucket has, and says what would change. Nothing is written. */
export async function plannedChanges(place: Place): Promise<{ changes: Change[]; skipped: Skipped[] }> {
  const { setup, title: store } = place.record
  const plans = [
    ['CORS', setup.cors, plannedCors],
    ['lifecycle', setup.lifecycle, plannedLifecycle],
    ['policy', setup.bucketPolicy, plannedPolicy],
  ] as const
  const changes: Change[] = []
  const skipped: Skipped[] = []
  for (const [title, isKnown, plan] of plans) {
    if (!isKnown) {
      skipped.push({ title, why: `${store} takes it by its own console or tool: docs/storages.md.` })
      continue
    }
    try {
      const { before, after, write } = await plan(place)
      if (shown(before) === shown(after)) skipped.push({ title, why: 'It is as it should be.' })
      else
        changes.push({
          title,
          difference: differenceOf(shown(before), shown(after)),
          write: async () => void (await write()),
        })
    } catch (thrown) {
      skipped.push({ title, why: `It could not be read: ${plainly(thrown)}.` })
    }
  }
  return { changes, skipped }
}
