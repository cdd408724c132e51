/** What goes by itself, and what must not: the bucket's lifecycle. */
import { GetBucketLifecycleConfigurationCommand, type LifecycleRule } from '@aws-sdk/client-s3'
import { statusOf, storageCodeOf } from '../../../server/storage.js'
import { type Check, expect, LeftOut, Wrong } from '../../check.js'
import type { Place } from '../place.js'
import { lifecycleRemedy } from '../remedies.js'

/** The rules that are in force; none where there is no configuration. @throws LeftOut where the key may not look. */
export async function lifecycleOf({ storage, record }: Place): Promise<LifecycleRule[]> {
  if (!record.setup.lifecycle)
    throw new LeftOut(`${record.title} tells its rules by its own console: docs/storages.md#lifecycle.`)
  try {
    const { Rules = [] } = await storage.client.send(
      new GetBucketLifecycleConfigurationCommand({ Bucket: storage.bucket }),
    )
    return Rules.filter(({ Status }) => Status === 'Enabled')
  } catch (thrown) {
    if (storageCodeOf(thrown) === 'NoSuchLifecycleConfiguration' || statusOf(thrown) === 404) return []
    if (statusOf(thrown) === 403)
      throw new LeftOut('This key may not look at the lifecycle; try a key of an administrator.')
    throw thrown
  }
}

interface Scope {
  readonly prefix: string
  readonly tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
}

function scopeOf({ Filter, Prefix }: LifecycleRule): Scope {
  return {
    prefix: Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? '',
    tags: [...(Filter?.Tag === undefined ? [] : [Filter.Tag]), ...(Filter?.And?.Tags ?? [])],
  }
}

const covers = (rule: LifecycleRule, prefix: string) => prefix.startsWith(scopeOf(rule).prefix)
const expires = ({ Expiration }: LifecycleRule) => Expiration?.Days !== undefined || Expiration?.Date !== undefined

export const tidinessChecks: readonly Check<Place>[] = [
  {
    name: 'unfinished uploads in parts go by themselves',
    level: 'must',
    async run(place) {
      if (!place.record.setup.abortRule && place.record.setup.lifecycle)
        throw new LeftOut(
          `${place.record.title} has no such rule: it sweeps by itself, or call uploads.sweep() once a day.`,
        )
      const rules = await lifecycleOf(place)
      const { prefix } = place.options
      const days = rules
        .filter((rule) => covers(rule, prefix) && scopeOf(rule).tags.length === 0)
        .flatMap(({ AbortIncompleteMultipartUpload: abort }) => abort?.DaysAfterInitiation ?? [])
      expect(
        days.length > 0,
        `No rule aborts them under ${prefix || 'the bucket'}: their parts are kept, and paid for, for ever.`,
      )
      return `After ${Math.min(...days)} days.`
    },
    remedy: lifecycleRemedy,
  },
  {
    name: 'files that nobody handed in go, and saved answers stay',
    level: 'must',
    async run(place) {
      const rules = (await lifecycleOf(place)).filter(expires)
      const { prefix, claimBy, claimedPrefix } = place.options
      const untagged = rules.filter((rule) => scopeOf(rule).tags.length === 0)
      const answers = claimBy === 'copy' ? claimedPrefix : prefix
      const deadly = untagged.find((rule) => covers(rule, answers))
      if (deadly !== undefined)
        throw new Wrong(
          `The rule ${JSON.stringify(deadly.ID ?? '')} deletes saved answers (${answers || 'the whole bucket'}).`,
          {
            text: `Take that rule away${claimBy === 'none' ? ', or let `claim` copy what is handed in and say so: --claim copy' : ''}.`,
          },
        )
      if (claimBy === 'none')
        throw new LeftOut('Without `claim` (--claim copy or tag) no rule may delete files; none does.')
      const pending = rules.some((rule) =>
        claimBy === 'copy'
          ? scopeOf(rule).tags.length === 0 && covers(rule, prefix)
          : covers(rule, prefix) &&
            scopeOf(rule).tags.some(({ Key, Value }) => Key === 'pending' && Value === 'upload'),
      )
      expect(pending, `No rule deletes them under ${prefix}.`)
      return 'They do.'
    },
    remedy: lifecycleRemedy,
  },
]
