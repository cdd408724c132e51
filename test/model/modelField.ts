/** One field of a schedule: its person, its host, and what each of them may expect of it. */
import { answerIdOf, type Removal } from '../../src/answer/answer.js'
import { heldBy } from '../../src/answer/entry.js'
import { idsOf } from '../../src/answer/selectors.js'
import type { Connections } from '../../src/engine/connections.js'
import type { Environment } from '../../src/engine/environment.js'
import { createFileAnswer } from '../../src/engine/createFileAnswer.js'
import type { FileAnswer } from '../../src/engine/fileAnswer.js'
import { budget, type Caller, type FarSide, smallBytes } from './farSide.js'
import { asFile, asModel, ModelFile } from './modelFile.js'
import type { Setting, Step } from './steps.js'

const timing = {
  sending: 3,
  restAfter: 3,
  connectionBudget: budget,
  smallBytes,
  sendTries: 4,
  callTries: 3,
  unmountGrace: 500,
}

export class ModelField implements Caller {
  readonly answer: FileAnswer
  heldAt = Number.NEGATIVE_INFINITY
  /** Ids the host gave: never discarded. */
  readonly hostIds: Set<string>
  /** Ids of which the client was told. */
  readonly grantedIds = new Set<string>()
  readonly discarded = new Set<string>()
  readonly emissions: string[][] = []
  /** Stored ids that an instruction, a reset or an unmount left to the host: nobody's, and not discarded. */
  readonly dropped = new Set<string>()
  private echoed = 0
  private committed: readonly string[] | null = null
  private names = 0
  /** The order shown when an entry was removed, until something else changes it. */
  private readonly orders = new Map<string, readonly string[]>()

  constructor(
    private readonly index: number,
    private readonly far: FarSide,
    private readonly setting: Setting,
    environment: Environment,
    connections: Connections,
  ) {
    const restored = setting.restored.map((id) => `${id}-${index}`)
    this.hostIds = new Set(restored)
    this.answer = createFileAnswer({
      backend: far.backendOf(this),
      defaultValue: restored,
      environment,
      connections,
      timing,
      start: setting.start,
      ...(setting.maxFiles === null ? {} : { maxFiles: setting.maxFiles }),
      ...(setting.validates
        ? { validate: () => new Promise((resolve) => environment.clock.after(20, () => resolve(null))) }
        : {}),
    })
    this.answer.listen({ onChange: (ids) => this.emit(ids) })
    if (setting.controlled) this.commit(restored)
  }

  get isGone(): boolean {
    return this.answer.isDisposed
  }

  wants(key: string): boolean {
    return (
      !this.isGone && this.answer.getAnswer().entries.some((entry) => entry.key === key && entry.state !== 'paused')
    )
  }

  granted(ids: readonly string[]): void {
    for (const id of ids) this.grantedIds.add(id)
  }

  discard(ids: readonly string[]): void {
    const { far } = this
    for (const id of ids) {
      far.check(!this.hostIds.has(id), `${id} of the host is discarded`)
      far.check(!this.discarded.has(id), `${id} is discarded twice`)
      far.check(this.isGone || !this.idsHeld().includes(id), `${id} is discarded while the answer holds it`)
      far.check(this.committed?.includes(id) !== true, `${id} is discarded while the value holds it`)
      far.check(!this.dropped.has(id), `${id} is discarded that is the host's`)
      this.discarded.add(id)
    }
  }

  private get ids(): string[] {
    return idsOf(this.answer.getAnswer())
  }

  /** Ids of entries, of removals that can be undone, and of grants held. */
  private idsHeld(): string[] {
    const { entries, removals } = this.answer.getAnswer()
    return [...entries, ...removals.map(({ entry }) => entry)].flatMap(
      (entry) => answerIdOf(entry) ?? heldBy(entry)?.grant.id ?? [],
    )
  }

  private emit(ids: string[]): void {
    this.emissions.push(ids)
    this.far.check(ids.join() === this.ids.join(), 'other ids are emitted than are shown')
    this.far.check(new Set(ids).size === ids.length, 'an id is emitted twice')
  }

  private commit(value: readonly string[]): void {
    this.committed = value
    this.answer.setValue(value)
  }

  /** What leaves by the host's will is nobody's any more. */
  private dropping(act: () => void, isDropped: (id: string) => boolean): void {
    const before = this.ids
    act()
    const now = new Set(this.isGone ? [] : this.ids)
    for (const id of before) if (!now.has(id) && isDropped(id)) this.dropped.add(id)
  }

  private readonly isTheHosts = (id: string) => this.hostIds.has(id) || this.emissions.some((ids) => ids.includes(id))

  leave(): void {
    for (const id of this.ids) this.dropped.add(id)
    this.answer.dispose()
  }

  step(step: Step): void {
    const { answer } = this
    const { keys, removals } = answer.getAnswer()
    this.act(step)
    this.keepsOrder(step, keys, removals)
  }

  /** An order changes only where somebody changes it. */
  private keepsOrder(step: Step, before: readonly string[], removals: readonly Removal[]): void {
    const now = this.answer.getAnswer().keys
    const among = (some: readonly string[], others: readonly string[]) =>
      some.filter((key) => others.includes(key)).join()
    const { check } = { check: this.far.check.bind(this.far) }
    if (step.do === 'remove') {
      const key = pickOf(before, step.pick)
      if (key !== undefined) this.orders.set(key, before)
    }
    if (step.do === 'removeAll') for (const key of before) this.orders.set(key, before)
    if (step.do === 'move' || step.do === 'instruct' || step.do === 'reset') this.orders.clear()
    if (step.do === 'instruct' || step.do === 'reset') return
    if (step.do === 'move') {
      const key = pickOf(before, step.pick)
      if (key === undefined) return
      const wanted = before.filter((each) => each !== key)
      wanted.splice(step.to % before.length, 0, key)
      return check(now.join() === wanted.join(), 'a moved entry is not where it was moved to')
    }
    check(among(before, now) === among(now, before), `${step.do} changes the order`)
    if (step.do !== 'undo') return
    const { maxFiles } = this.setting
    const undone = pickOf(removals, step.pick)
    const together = removals.filter(({ act }) => act === undone?.act).map(({ entry }) => entry.key)
    if (maxFiles === null)
      check(
        together.every((key) => now.includes(key)),
        'what was removed at once does not come back at once',
      )
    for (const key of together) {
      const order = this.orders.get(key)
      if (order !== undefined && now.includes(key))
        check(among(order, now) === among(now, order), 'an undone removal is not back in its place')
    }
  }

  private act(step: Step): void {
    const { answer, setting, emissions } = this
    const { keys, removals } = answer.getAnswer()
    switch (step.do) {
      case 'add': {
        const named = (size: number) => asFile(new ModelFile(`${this.index}-${++this.names}.pdf`, size))
        answer.add(step.sizes.map(named))
        break
      }
      case 'remove':
        answer.remove(pickOf(keys, step.pick) ?? '')
        break
      case 'removeAll':
        answer.removeAll()
        break
      case 'undo':
        answer.undo(pickOf(removals, step.pick)?.entry.key ?? '')
        break
      case 'retry':
        answer.retry(pickOf(keys, step.pick) ?? '')
        break
      case 'move':
        answer.move(pickOf(keys, step.pick) ?? '', step.to % Math.max(1, keys.length))
        break
      case 'retryAll':
        answer.retryAll()
        break
      case 'pause':
      case 'resume':
        answer[step.do](pickOf(keys, step.pick) ?? '')
        break
      case 'pauseAll':
      case 'resumeAll':
        answer[step.do]()
        break
      case 'start':
        answer.start()
        break
      case 'holdUndo':
      case 'letUndoGo':
        answer.holdUndo(step.do === 'holdUndo')
        break
      case 'remount':
        // StrictMode: the second mount calls the leaving off.
        answer.leave()()
        answer.connect()
        break
      case 'reset':
        this.dropping(() => answer.reset(), this.isTheHosts)
        break
      case 'echo':
        if (this.committed === null || this.echoed >= emissions.length) break
        this.commit(emissions[this.echoed] ?? [])
        this.echoed += 1
        break
      case 'lateEcho':
        // The same value committed again, as a host does at each render.
        if (this.committed !== null) this.commit(this.committed)
        break
      case 'echoNewest':
        if (this.committed === null || this.echoed >= emissions.length) break
        this.echoed = emissions.length
        this.commit(emissions.at(-1) ?? [])
        break
      case 'instruct': {
        if (this.committed === null) break
        const last = emissions.at(-1) ?? this.committed
        const kept = last.filter((_, index) => step.keep[index % step.keep.length])
        if (step.turned) kept.reverse()
        // Only a changed value that was not emitted is an instruction: any other can't be told from an echo.
        if (step.foreign || [this.committed, ...emissions].some((ids) => ids?.join() === kept.join())) {
          const foreign = `host${this.index}-${this.hostIds.size}`
          this.hostIds.add(foreign)
          if (setting.maxFiles === 1) kept.length = 0
          kept.push(foreign)
        }
        this.echoed = emissions.length
        const untold = this.ids.filter((id) => !this.isTheHosts(id))
        this.dropping(
          () => this.commit(kept),
          () => true,
        )
        this.far.check(
          untold.every((id) => this.ids.includes(id)),
          'an instruction takes out what the host did not know',
        )
        break
      }
    }
  }

  /** What must hold at any time. */
  judge(): void {
    const { far, answer, setting } = this
    if (this.isGone) return
    const { entries } = answer.getAnswer()
    const { ids } = this
    far.check(new Set(ids).size === ids.length, 'an id stands twice')
    if (setting.maxFiles === 1) far.check(this.ids.length <= Math.max(1, setting.restored.length), 'one file, two ids')
    for (const entry of entries) {
      const sent = answer.sentBytes(entry.key) ?? 0
      if (entry.state === 'restored') continue
      far.check(sent <= entry.size, 'more bytes than there are')
      if (entry.state === 'failed')
        far.check(far.isHopeless || far.badReplies > 2, `few faults end a file: ${entry.failure.code}`)
      if (entry.state !== 'done') continue
      const object = far.stored.get(entry.id)
      far.check(far.issued.get(entry.id)?.key === entry.key, 'an id of another entry')
      far.check(
        object?.size === entry.size && object.source === asModel(entry.file).source && object.start === 0,
        'an id without its bytes',
      )
      far.check(!this.discarded.has(entry.id) || this.hostIds.has(entry.id), 'a discarded id is in the answer')
    }
  }

  /** Everything of a field that is there is settled and told. */
  isSettled(): void {
    const { far } = this
    const { entries, removals } = this.answer.getAnswer()
    far.check(removals.length === 0, 'a removal does not end')
    for (const { key, state } of entries)
      far.check(['done', 'restored', 'rejected'].includes(state), `${key} does not settle: ${state}`)
    const last = this.emissions.at(-1)
    if (this.committed === null)
      far.check((last ?? [...this.hostIds]).join() === this.ids.join(), 'the newest ids were not emitted')
  }

  /** The host takes up what it was given: then nothing holds back what has to be handed back. */
  takeUp(): void {
    if (this.committed === null) return
    for (; this.echoed < this.emissions.length; this.echoed += 1) this.commit(this.emissions[this.echoed] ?? [])
  }

  /** Every grant is in the answer, the host's, or handed back; and so are the parts of those. */
  isAccounted(): void {
    const { far } = this
    const ids = new Set(this.isGone ? [] : this.ids)
    const isHeld = (id: string) => this.committed?.includes(id) === true
    for (const id of this.grantedIds) {
      const isDiscarded = this.discarded.has(id)
      far.check(ids.has(id) || isDiscarded || this.dropped.has(id) || isHeld(id), `${id} was handed back by nobody`)
      const { method } = far.issued.get(id) ?? {}
      if (isDiscarded && method === 'MULTIPART' && !far.stored.has(id))
        far.check(far.abortedUploads.has(id), `the parts of ${id} stay`)
    }
  }

  get idsNow(): readonly string[] {
    return this.ids
  }
}

export const pickOf = <T>(list: readonly T[], number: number): T | undefined => list[number % Math.max(1, list.length)]
