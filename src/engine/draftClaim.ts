/** Files that a person chooses again for a draft: taken by name, known by their bytes. */
import { admit, type Rules } from '../answer/admission.js'
import { entryOf } from '../answer/answer.js'
import { given, isNeeded, type NeededEntry, putInPlace } from '../answer/recalled.js'
import { type ChosenFile, type Entry, queuedEntry } from '../answer/entry.js'
import type { AnswerStore } from '../answer/store.js'
import type { DraftFiles } from './draftFiles.js'
import type { Environment } from './environment.js'
import type { News } from './news.js'

/** Takes the files that a restored entry waits for, and gives back the others. */
export type Claim = (chosen: readonly ChosenFile[]) => readonly ChosenFile[]

export function createClaim(o: {
  readonly store: AnswerStore
  readonly environment: Pick<Environment, 'randomKey'>
  readonly files: Pick<DraftFiles, 'take' | 'fingerprint'>
  readonly rules: () => Rules
  readonly isEnded: () => boolean
  /** The plan is looked at again, and everybody told. */
  readonly onChanged: () => void
  readonly tell: (news: News) => void
  /** Adds files that no restored entry waits for. */
  readonly addChosen: (chosen: readonly ChosenFile[]) => void
  /** An unfinished entry left for good. */
  readonly release: (entry: Entry) => void
}): Claim {
  const { store, environment, files } = o
  const claimed = new Set<Entry>()

  function claim(chosen: readonly ChosenFile[]): readonly ChosenFile[] {
    const needed = store.get().entries.filter((entry): entry is NeededEntry => isNeeded(entry) && !claimed.has(entry))
    if (needed.length === 0) return chosen
    return chosen.filter((one) => {
      const named = needed.filter((entry) => !claimed.has(entry) && entry.name === one.name)
      const entry = named.find((each) => isLike(each, one)) ?? named[0]
      if (entry === undefined) return true
      claimed.add(entry)
      void recognise(entry, one).finally(() => claimed.delete(entry))
      return false
    })
  }

  const isLike = (entry: NeededEntry, { size, file }: ChosenFile) =>
    entry.size === size && entry.file.lastModified === file.lastModified

  /** The same bytes go on where they were; others of that name take the place, as a new upload. */
  async function recognise(entry: NeededEntry, chosen: ChosenFile): Promise<void> {
    const fingerprint = isLike(entry, chosen) ? await files.take({ ...entry, file: chosen.file }) : null
    if (o.isEnded()) return
    if (entryOf(store.get(), entry.key) !== entry) return o.addChosen([chosen])
    if (fingerprint !== null && fingerprint === files.fingerprint(entry.file)) {
      store.apply((answer) => putInPlace(answer, entry.key, given(entry, chosen.file)))
      o.tell({ type: 'retried', entry })
      return o.onChanged()
    }
    const others = { ...store.get(), entries: store.get().entries.filter((each) => each !== entry) }
    if (admit(others, [chosen], o.rules())[0]?.refusal !== null) return o.addChosen([chosen])
    const { replaces, started } = entry
    const next = queuedEntry(environment.randomKey(), chosen, { replaces, started })
    store.apply((answer) => putInPlace(answer, entry.key, next))
    o.release(entry)
    o.tell({ type: 'added', entries: [next], rejected: [] })
    o.onChanged()
  }

  return claim
}
