/** Holds the answer; `apply` is the only way to write it. */
import { createStore } from 'zustand/vanilla'
import { type Answer, emptyAnswer } from './answer.js'

export interface AnswerStore {
  get(): Answer
  /** Replaces the answer by what the step makes of it; the same object back means nothing happened. */
  apply(step: (answer: Answer) => Answer): void
  /** Called after each change, at once. Gives back its end. */
  subscribe(listener: (answer: Answer, before: Answer) => void): () => void
}

export function createAnswerStore(initial: Answer = emptyAnswer): AnswerStore {
  const store = createStore<Answer>(() => initial)
  return {
    get: store.getState,
    apply: (step) => store.setState(step, true),
    subscribe: store.subscribe,
  }
}
