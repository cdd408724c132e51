'use client'
/**
 * When the field tells what is wrong with it. `invalid` fires alike for a submit, for `reportValidity()` and for a
 * `checkValidity()` that a host calls at each keystroke to enable its button. The platform's own words are kept to:
 * `checkValidity()` asks and nothing is seen; the others are attempts, told by what began them:
 *
 * - a person: a click on a submit button of the form, Enter in one of its inputs, and the submit itself (noValidate);
 * - code: `requestSubmit()` and `reportValidity()`, noted on this very form. No event tells them from `checkValidity()`.
 *
 * An attempt that is not seen to begin (a method borrowed from the prototype) is the browser's: it sends the focus to
 * the file input, from where it is passed on (DropZone). So no form ever stays unsent without a word.
 */
import { type RefObject, useEffect, useRef } from 'react'
import type { Clock } from '../engine/environment.js'
import { formOf } from './form.js'
import { useRootEvents } from './newest.js'

type Asked = HTMLFormElement | HTMLInputElement

/** Calls that are running now, by whom they were made on. */
const calls = new WeakMap<Asked, number>()

/** Notes calls of a method for as long as the element lives: taking the note away might take away what lies over it. */
function noteCalls(asked: Asked): void {
  if (calls.has(asked)) return
  calls.set(asked, 0)
  const count = (by: number) => calls.set(asked, (calls.get(asked) ?? 0) + by)
  for (const name of ['requestSubmit', 'reportValidity']) {
    if (!(name in asked)) continue
    const own = Object.getOwnPropertyDescriptor(asked, name)
    Object.defineProperty(asked, name, {
      configurable: true,
      writable: true,
      value(...given: unknown[]) {
        count(1)
        try {
          return Reflect.apply(own?.value ?? Object.getPrototypeOf(asked)[name], asked, given)
        } finally {
          count(-1)
        }
      },
    })
  }
}

const isCalled = (asked: Asked | null): boolean => asked !== null && (calls.get(asked) ?? 0) > 0

/** Whether a person's press is one that submits the form, unless somebody has other plans with it. */
function isPress(event: Event, form: HTMLFormElement): boolean {
  const target = event.target as Partial<HTMLInputElement> & Element
  if (event.type === 'submit') return target === (form as Element)
  if (event.type === 'click') {
    const button = target.closest?.<HTMLButtonElement | HTMLInputElement>('button, input')
    return button?.form === form && (button.type === 'submit' || button.type === 'image')
  }
  const { key, isComposing } = event as KeyboardEvent
  return key === 'Enter' && !isComposing && target.tagName === 'INPUT' && target.form === form
}

/** The control that a browser would send the person to. */
const firstInvalid = (form: HTMLFormElement): Element | undefined =>
  [...form.elements].find((element) => {
    const { willValidate, validity } = element as HTMLInputElement
    return willValidate && validity?.valid === false
  })

/**
 * Calls back when an attempt finds the file input invalid: with whether it is the form's first, to which the person is
 * sent. Never for a `checkValidity()`.
 */
export function useAttempt(
  field: RefObject<HTMLElement | null>,
  input: RefObject<HTMLInputElement | null>,
  clock: Clock,
  onRefused: (isFirst: boolean) => void,
): void {
  useEffect(() => {
    for (const asked of [input.current, input.current?.form]) if (asked) noteCalls(asked)
  })
  /** What a person pressed just now. */
  const press = useRef<Event | null>(null)
  /** The person was sent to this field: no other control of the form may take them away. */
  const leads = useRef(false)

  useRootEvents(field, 'click keydown keypress submit', (event) => {
    const form = formOf(field.current)
    if (form === null || !isPress(event, form)) return
    press.current = event
    clock.after(0, () => {
      if (press.current === event) press.current = null
    })
  })
  useRootEvents(field, 'invalid', (event) => {
    const own = input.current
    if (own === null) return
    if (event.target === own) {
      const isAsked = isCalled(own)
      const isPressed =
        press.current !== null && (!press.current.type.startsWith('key') || !press.current.defaultPrevented)
      if (!isAsked && !isPressed && !isCalled(own.form)) return
      // No bubble over an input that nobody sees: the error text says it, and the button that mends it has the focus.
      event.preventDefault()
      leads.current = !isAsked && own.form !== null && firstInvalid(own.form) === own
      clock.after(0, () => {
        leads.current = false
      })
      onRefused(leads.current || isAsked)
    } else if (leads.current && (event.target as HTMLInputElement).form === own.form) {
      // A browser sends the person to the first control whose event was not prevented: that would be this one.
      event.preventDefault()
    }
  })
}
