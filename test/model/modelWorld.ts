/** People, hosts, a backend and a storage that do what a schedule tells, on a virtual clock; and a judge who watches. */
import { loadAdvice, loadCopies, loadDescriptions, loadDeveloperNotes, loadMultipart } from '../../src/engine/chunks.js'
import { createConnections } from '../../src/engine/connections.js'
import type { Environment } from '../../src/engine/environment.js'
import { VirtualClock } from '../engine/virtualClock.js'
import { budget, FarSide, type Open } from './farSide.js'
import { ModelField, pickOf } from './modelField.js'
import type { Scheduled, Setting, Step } from './steps.js'

// On a virtual clock nothing waits for a file to be read.
await Promise.all([loadAdvice(), loadCopies(), loadDescriptions(), loadDeveloperNotes(), loadMultipart()])

export class ModelWorld {
  private readonly clock = new VirtualClock()
  private readonly far: FarSide
  private readonly fields: readonly ModelField[]
  private readonly networkListeners = new Set<() => void>()
  private lastKey = 0
  private chance: number

  constructor(private readonly setting: Setting) {
    this.chance = setting.seed
    this.clock.creep = setting.creep
    this.far = new FarSide(this.clock, setting)
    const environment = this.environment()
    const connections = createConnections(budget)
    this.fields = Array.from(
      { length: setting.fields },
      (_, index) => new ModelField(index, this.far, setting, environment, connections),
    )
  }

  private environment(): Environment {
    return {
      clock: this.clock,
      // A small generator: the same seed gives the same run.
      random: () => {
        this.chance = (this.chance * 1_103_515_245 + 12_345) % 2_147_483_648
        return this.chance / 2_147_483_648
      },
      randomKey: () => `key${++this.lastKey}`,
      pageIsSecure: false,
      warn: () => {},
      network: {
        isOnline: () => this.far.online,
        tellsUploads: () => true,
        isForbidden: () => Promise.resolve(false),
        onChange: (listener) => {
          this.networkListeners.add(listener)
          return () => this.networkListeners.delete(listener)
        },
        fetch: () => Promise.reject(new Error('The model has no endpoint')),
        send: (request) => this.far.send(request),
      },
    }
  }

  async run(schedule: readonly Scheduled[]): Promise<void> {
    try {
      for (const scheduled of schedule) await this.step(scheduled)
      if (this.setting.leaves) await this.leave()
      else await this.heal()
    } finally {
      for (const { answer } of this.fields) answer.dispose()
    }
  }

  private async step({ of, step }: Scheduled): Promise<void> {
    const { far } = this
    switch (step.do) {
      case 'answerCall':
      case 'answerSend':
        pickOf(step.do === 'answerCall' ? far.openCalls : far.openSends, step.pick)?.answer(step.reply)
        break
      case 'progress':
        pickOf(far.openSends, step.pick)?.progress?.(step.share)
        break
      case 'answerAll':
        far.answerAll('good')
        break
      case 'spell':
        await this.spell(step.reply, step.ms)
        break
      case 'goOffline':
      case 'goOnline':
        this.goOnline(step.do === 'goOnline')
        break
      case 'wait':
        // What nobody answers for long is given up: with few faults it is answered.
        if (this.setting.patience < Number.POSITIVE_INFINITY) await this.spell('good', step.ms)
        else {
          if (step.ms > 5_000) far.isHopeless = true
          await this.clock.advance(step.ms)
        }
        break
      default:
        this.near(of, step)
    }
    await this.clock.settle()
    this.judge()
  }

  /** A gesture ends what it ends in the same task. */
  private near(of: number, step: Step): void {
    const field = this.fields[of % this.fields.length]
    field?.step(step)
    this.endsAtOnce()
  }

  private endsAtOnce(): void {
    const { far, fields } = this
    const isWanted = (key: string) => fields.some((field) => field.wants(key))
    const isOver = ({ keys, aborted }: Open) => keys.length > 0 && !keys.some(isWanted) && !aborted()
    far.check(![...far.openCalls, ...far.openSends].some(isOver), 'work for a file that left or was paused goes on')
  }

  private async spell(reply: Parameters<Open['answer']>[0], ms: number): Promise<void> {
    this.far.automatic = reply
    this.far.answerAll(reply)
    await this.clock.advance(ms)
    this.far.automatic = null
  }

  private goOnline(online: boolean): void {
    this.far.online = online
    for (const listener of this.networkListeners) listener()
  }

  private judge(): void {
    for (const field of this.fields) field.judge()
    const { complaints } = this.far
    if (complaints.length > 0) throw new Error(complaints.join('; '))
  }

  /** The page goes on without the field: what is stored is the host's, all else is handed back, nothing begins. */
  private async leave(): Promise<void> {
    for (const field of this.fields) field.leave()
    this.endsAtOnce()
    this.far.answerAll('good')
    await this.clock.advance(60_000)
    const begun = this.far.openCalls.length + this.far.openSends.length
    this.far.check(begun === 0, 'something begins after the field is gone')
    for (const field of this.fields) field.isAccounted()
    this.judge()
  }

  /** All faults stop. In the end everything is settled, and every grant and every object is somebody's. */
  private async heal(): Promise<void> {
    const { clock, far, fields } = this
    far.automatic = 'good'
    // Coming back from offline heals a resting queue; one that never was offline must find out by itself.
    if (!far.online) this.goOnline(true)
    far.answerAll('good')
    for (const { answer } of fields) {
      answer.holdUndo(false)
      answer.start()
    }
    await clock.advance(120_000)
    for (let round = 0; round < 3 && (far.isHopeless || far.badReplies > 2); round += 1) {
      for (const { answer } of fields) answer.retryAll()
      await clock.advance(120_000)
    }
    for (const field of fields) field.isSettled()
    this.judge()
    for (const field of fields) {
      const ids = field.idsNow.join()
      field.takeUp()
      await clock.advance(1_000)
      far.check(field.idsNow.join() === ids, 'an echo changed the answer')
      const settled = field.answer.settled()
      await clock.advance(2_000)
      far.check((await settled).join() === ids, 'settled() tells other ids than are shown')
      field.isAccounted()
    }
    this.judge()
  }
}
