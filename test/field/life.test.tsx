/** F64, F80: the field comes, goes and moves while files are on their way; whose the files are then. */
import { act, render } from '@testing-library/react'
import { createFileAnswer, type FileAnswer, FileAnswerField } from 'file-answer-field'
import { createMemoryBackend, type MemoryBackend } from 'file-answer-field/testing'
import { StrictMode, useState } from 'react'
import { beforeEach, describe, expect, test } from 'vitest'
import { aFile, choose, mount, names, pass, press, sent, standStill, stepsOf, untilStored } from './kit.js'

standStill()

/** Leaving the page is asked about. */
const isGuarded = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }))

let backend: MemoryBackend
beforeEach(() => {
  backend = createMemoryBackend()
})

describe('an answer that lives outside', () => {
  let answer: FileAnswer
  const fieldOf = () => <FileAnswerField label="Documents" name="documents" answer={answer} />
  beforeEach(() => {
    answer = createFileAnswer({ backend })
    backend.hold('send')
  })

  test.each([
    ['', false],
    [', in StrictMode', true],
  ])('goes on while no field is there, and is found again by the next%s', async (_, reactStrictMode) => {
    const first = render(fieldOf(), { reactStrictMode })
    await choose(aFile())
    await untilStored()
    first.unmount()
    await pass(5_000)
    expect(isGuarded()).toBe(true)
    backend.release()
    await pass(1_000)
    expect([answer.getIds(), isGuarded()]).toEqual([['file-1'], false])
    render(fieldOf(), { reactStrictMode })
    await pass(5_000)
    expect([names(), stepsOf(backend, 'send').length, backend.discarded]).toEqual([['a.pdf'], 1, []])
  })

  test('moved to another place in the tree goes on', async () => {
    function Page() {
      const [isAside, setIsAside] = useState(false)
      return (
        <StrictMode>
          {isAside ? <aside>{fieldOf()}</aside> : <main>{fieldOf()}</main>}
          <button type="button" onClick={() => setIsAside(true)}>
            Aside
          </button>
        </StrictMode>
      )
    }
    render(<Page />)
    await choose(aFile())
    await untilStored()
    await press('Aside')
    backend.release()
    await pass(5_000)
    expect([names(), stepsOf(backend, 'send').length, backend.discarded]).toEqual([['a.pdf'], 1, []])
  })
})

test('after a submit nothing that was stored is discarded when the field goes', async () => {
  let submitted: unknown[] = []
  const { unmount } = mount(
    {},
    {
      backend,
      around: (element) => (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            submitted = sent(event.currentTarget)
          }}
        >
          {element}
          <button type="submit">Send</button>
        </form>
      ),
    },
  )
  await choose(aFile())
  await untilStored()
  await press('Send')
  unmount()
  await pass(20_000)
  expect([submitted, backend.discarded, backend.stored.size]).toEqual([['file-1'], [], 1])
})

describe('leaving the page', () => {
  test('is asked about while a file is on its way, and no more once the field has gone with it', async () => {
    backend.hold('send')
    const { unmount } = mount({}, { backend, reactStrictMode: true })
    expect(isGuarded()).toBe(false)
    await choose(aFile())
    expect(isGuarded()).toBe(true)
    unmount()
    await pass(1_100)
    expect(isGuarded()).toBe(false)
  })

  test('is not where the host wants none, from the render in which it says so', async () => {
    backend.hold('send')
    const { change } = mount({}, { backend })
    await choose(aFile())
    await change({ warnBeforeLeaving: false })
    expect(isGuarded()).toBe(false)
    await act(async () => backend.release())
    await untilStored()
    expect(names()).toEqual(['a.pdf'])
  })
})
