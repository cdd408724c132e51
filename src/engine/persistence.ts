/** The draft of an answer with `persist`, by a keeper that is loaded only then; without it, nothing. */
import type { DraftKeeper, KeeperTools } from './draftKeeper.js'

export interface Persistence {
  /** A field is mounted, or files come: the draft is read, once. */
  begin(): void
  /** Who keeps the draft now. */
  keeper(): Omit<DraftKeeper, 'forgetUntilChanged'>
  /** A reset: nothing comes from the draft any more. */
  forget(): void
  stop(): void
}

/** Before the keeper is there, and where there is none. */
const nobody = (state: DraftKeeper['state']): Omit<DraftKeeper, 'forgetUntilChanged'> => ({
  state,
  isRecalled: () => false,
  claim: (chosen) => chosen,
  recorded: () => undefined,
  forget() {},
  stop() {},
})

export function createPersistence(name: string | undefined, tools: () => KeeperTools): Persistence {
  let keeper = nobody(name === undefined ? 'off' : 'opening')
  let isBegun = name === undefined
  let isForgotten = false
  let isStopped = false
  return {
    begin() {
      if (isBegun) return
      isBegun = true
      import('./draftKeeper.js').then(
        ({ keepDraft }) => {
          if (isStopped) return
          keeper = keepDraft(tools())
          if (isForgotten) keeper.forget()
        },
        (cause) => {
          keeper = nobody('off')
          tools().giveUp(cause)
        },
      )
    },
    keeper: () => keeper,
    forget() {
      isForgotten = true
      keeper.forget()
    },
    stop() {
      isStopped = true
      keeper.stop()
    },
  }
}
