/** The page around the field: events that stay inside, drops beside it, translators, the server's HTML. */
import { act, fireEvent, render, screen } from '@testing-library/react'
import { FileAnswerField, FileAnswerProvider } from 'file-answer-field'
import { ko } from 'file-answer-field/locales/ko'
import { createMemoryBackend } from 'file-answer-field/testing'
import { StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  aFile,
  button,
  choose,
  drop,
  field,
  idsShown,
  inputOf,
  mount,
  names,
  pass,
  press,
  rows,
  sent,
  stateOf,
  triggerOf,
  untilStored,
  standStill,
} from './kit.js'

standStill()

const aStored = (id: string) => ({ id, name: `${id}.pdf`, size: 5, type: 'application/pdf' })

describe("the chooser's events", () => {
  test.each(['change', 'input', 'cancel'])('%s does not leave the field', async (type) => {
    const heard = vi.fn()
    const native = vi.fn()
    mount(
      {},
      {
        around: (element) => (
          <form onChange={heard} onInput={heard}>
            <dialog open onCancel={heard}>
              {element}
            </dialog>
          </form>
        ),
      },
    )
    document.addEventListener(type, native)
    await act(async () => void inputOf().dispatchEvent(new Event(type, { bubbles: true, cancelable: true })))
    document.removeEventListener(type, native)
    expect(heard).not.toHaveBeenCalled()
    expect(native).not.toHaveBeenCalled()
  })

  test('a choice inside them counts all the same', async () => {
    const heard = vi.fn()
    mount({}, { around: (element) => <form onChange={heard}>{element}</form> })
    await choose(aFile('a.pdf'))
    expect(names()).toEqual(['a.pdf'])
    expect(heard).not.toHaveBeenCalled()
  })

  test("the programmatic click is not heard outside: a clickable card hears the person's click only", async () => {
    const card = vi.fn()
    mount(
      {},
      {
        around: (element) => (
          <div onClick={card} role="presentation">
            {element}
          </div>
        ),
      },
    )
    const opened = vi.spyOn(inputOf(), 'click')
    await press('Choose files Documents')
    expect(opened).toHaveBeenCalledTimes(1)
    expect(card).toHaveBeenCalledTimes(1)
  })

  test('the label opens the chooser once, also where the host wraps the field in a label of its own', async () => {
    mount({}, { around: (element) => <label>Of the host {element}</label> })
    const opened = vi.spyOn(inputOf(), 'click')
    await act(async () => void fireEvent.click(screen.getByText('Documents')))
    expect(opened).toHaveBeenCalledTimes(1)
    await act(async () => void fireEvent.click(triggerOf()))
    expect(opened).toHaveBeenCalledTimes(2)
    await choose(aFile('a.pdf'))
    expect(names()).toEqual(['a.pdf'])
  })

  test('the input is emptied after each choice, so that the same file can be chosen again', async () => {
    mount()
    const emptied = vi.spyOn(inputOf(), 'value', 'set')
    await choose(aFile('a.pdf'))
    await choose(aFile('a.pdf'))
    expect(emptied.mock.calls).toEqual([[''], ['']])
    expect(names()).toEqual(['a.pdf', 'a.pdf'])
  })
})

test('all buttons of the field are type=button, in every state', async () => {
  const { backend } = mount({
    accept: '.pdf',
    maxFiles: 6,
    defaultValue: ['old', 'gone'],
    knownFiles: [aStored('old')],
  })
  backend.hold('send', 'b.pdf')
  backend.fail('send', 'unsafe', { name: 'c.pdf' })
  backend.fail('send', 'unsafe', { name: 'd.pdf' })
  await choose([aFile('a.pdf'), aFile('b.pdf'), aFile('c.pdf'), aFile('d.pdf'), aFile('e.exe')])
  await untilStored()
  await press('Remove a.pdf')
  const buttons = screen.getAllByRole('button')
  expect(buttons.length).toBeGreaterThan(8)
  expect(buttons.every((each) => each.getAttribute('type') === 'button')).toBe(true)
})

describe('a file dropped beside the field', () => {
  const dropOn = (target: EventTarget, types = ['Files']) => {
    const event = new Event('drop', { bubbles: true, cancelable: true })
    Object.assign(event, { dataTransfer: { types, files: [], items: [], dropEffect: 'copy' } })
    act(() => void target.dispatchEvent(event))
    return event
  }

  test('does not replace the page, and is not added', () => {
    mount()
    expect(dropOn(document.body).defaultPrevented).toBe(true)
    expect(rows()).toEqual([])
  })

  test('does so again once no field is there', () => {
    const one = mount()
    const two = mount({ label: 'Photos' })
    one.unmount()
    expect(dropOn(document.body).defaultPrevented).toBe(true)
    two.unmount()
    expect(dropOn(document.body).defaultPrevented).toBe(false)
  })

  test.each([
    ['disabled', { disabled: true }],
    ['read only', { readOnly: true }],
  ])('or on one that is %s, neither', async (_, props) => {
    mount(props)
    expect(dropOn(field()).defaultPrevented).toBe(true)
    expect(rows()).toEqual([])
  })

  test('or on one in a disabled fieldset, neither', async () => {
    mount({}, { around: (element) => <fieldset disabled>{element}</fieldset> })
    const zone = field().querySelector('[data-part=dropzone]') as HTMLElement
    expect(dropOn(zone).defaultPrevented).toBe(true)
    await pass()
    expect(rows()).toEqual([])
  })

  test('at the limit is told in a row', async () => {
    mount({ maxFiles: 2, defaultValue: ['a', 'b'], knownFiles: [aStored('a'), aStored('b')] })
    await drop([aFile('c.pdf')], triggerOf())
    expect(rows().at(-1)).toHaveAttribute('data-reason', 'too-many')
  })

  test("text and links are the page's matter, and a host's own drop target has its say", () => {
    const own = vi.fn((event: React.DragEvent) => event.preventDefault())
    mount(
      {},
      {
        around: (element) => (
          <>
            {element}
            <div data-testid="own" onDrop={own} />
          </>
        ),
      },
    )
    expect(dropOn(document.body, ['text/plain']).defaultPrevented).toBe(false)
    const event = dropOn(screen.getByTestId('own'))
    expect(own).toHaveBeenCalledTimes(1)
    expect((event as DragEvent).dataTransfer?.dropEffect).toBe('copy')
  })

  test('text dragged over the zone wakes nothing', async () => {
    mount()
    await act(
      async () =>
        void fireEvent.dragEnter(triggerOf(), {
          dataTransfer: { types: ['text/plain'], items: [{ kind: 'string', type: 'text/plain' }], files: [] },
        }),
    )
    expect(field().querySelector('[data-part=dropzone]')).toHaveAttribute('data-drag', 'none')
  })
})

describe('a page translator', () => {
  /** As translators do: each text node goes into two <font> elements, and what comes later too. */
  function translate(root: Element): void {
    const wrap = () => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      const texts: Text[] = []
      while (walker.nextNode()) {
        const text = walker.currentNode as Text
        if (text.parentElement?.tagName !== 'FONT' && text.data !== '') texts.push(text)
      }
      for (const text of texts) {
        const outer = document.createElement('font')
        const inner = document.createElement('font')
        outer.append(inner)
        text.replaceWith(outer)
        inner.append(text)
      }
    }
    wrap()
    translators.add(() => observer.disconnect())
    const observer = new MutationObserver(wrap)
    observer.observe(root, { childList: true, subtree: true, characterData: true })
  }
  const translators = new Set<() => void>()
  afterEach(() => {
    for (const end of translators) end()
    translators.clear()
  })

  test('breaks nothing: files come, move on, fail, leave and come back, and what is shown is true', async () => {
    const backend = createMemoryBackend()
    const { change, handle } = mount(
      { required: true, maxFiles: 8, accept: '.pdf,.zip' },
      { backend, around: (element) => <form data-testid="form">{element}</form> },
    )
    translate(document.body)
    act(() => void screen.getByTestId<HTMLFormElement>('form').reportValidity())
    await pass(100)
    expect(field()).toHaveTextContent('Error: Attach at least 1 file.')
    backend.hold('send', 'slow.zip')
    backend.fail('send', 'unsafe', { name: 'bad.pdf' })
    await choose([
      aFile('a.pdf'),
      aFile('b.pdf'),
      aFile('c.pdf'),
      aFile('slow.zip', 1000),
      aFile('bad.pdf'),
      aFile('no.exe'),
    ])
    for (const share of [0.2, 0.5, 0.8]) {
      backend.progress('slow.zip', share)
      await pass(100)
      expect(rows()[3]).toHaveTextContent(`${share * 100}%`)
    }
    expect(rows().map(({ dataset }) => dataset.state)).toEqual([
      'done',
      'done',
      'done',
      'uploading',
      'failed',
      'rejected',
    ])
    await press('Remove a.pdf')
    await press('Remove c.pdf')
    await press('Undo: remove a.pdf')
    await press('Try again bad.pdf')
    await pass(200)
    await press('Dismiss no.exe')
    await choose([aFile('b.pdf'), aFile('b.pdf')])
    await untilStored()
    await press('Remove b.pdf, 2 of 3')
    await change({ error: 'No.', maxFiles: 8, required: false, description: 'More.' })
    await change({ messages: ko, maxFiles: 8, required: true })
    await change({ maxFiles: 3 })
    backend.release()
    await pass(12_000)
    expect(names()).toEqual(['a.pdf', 'b.pdf', 'slow.zip', 'bad.pdf', 'b.pdf'])
    expect(rows()[0]).toHaveTextContent(/^(PDF)?\s*a\.pdf\s*5 bytes, uploaded/)
    expect(triggerOf()).toHaveTextContent('Add files')
    await act(async () => handle.current?.reset())
    expect(rows()).toEqual([])
    expect(triggerOf()).toHaveTextContent(/^Choose files$/)
  })

  test('breaks nothing where buttons come and go, rows are replaced, and rejections fold and are dismissed', async () => {
    const { change } = mount({ accept: '.pdf', replaceable: true })
    translate(document.body)
    await choose([aFile('a.pdf'), ...Array.from({ length: 6 }, (_, index) => aFile(`${index}.exe`))])
    await untilStored()
    await change({ accept: '.pdf', replaceable: true, folders: true })
    expect(button('Choose a folder Documents')).toBeInTheDocument()
    await press('Replace a.pdf')
    await choose(aFile('b.pdf'))
    await untilStored()
    await choose(aFile('7.exe'))
    expect(screen.getByRole('button', { name: 'Dismiss all 7 files not added' })).toBeInTheDocument()
    await press('Dismiss all 7 files not added')
    await change({ accept: '.pdf', folders: false, messages: ko })
    expect(names()).toEqual(['b.pdf'])
    expect(screen.queryByRole('button', { name: /folder/ })).toBeNull()
  })

  test('breaks nothing where stored files get their names and links later', async () => {
    const backend = createMemoryBackend({
      files: ['a', 'b'].map((id) => ({ ...aStored(id), url: `https://storage.test/${id}` })),
    })
    backend.hold('describe')
    const { change } = mount({ value: ['a', 'b', 'gone'] }, { backend })
    translate(document.body)
    await pass(100)
    backend.release()
    await untilStored()
    expect(screen.getAllByRole('link').map((link) => link.textContent)).toEqual(['a.pdf', 'b.pdf'])
    await change({ value: ['b'] })
    expect(names()).toEqual(['b.pdf'])
  })

  test('finds each text that changes alone in its element', async () => {
    const { backend } = mount({
      required: true,
      maxFiles: 5,
      defaultValue: ['old'],
      knownFiles: [{ ...aStored('old'), url: 'https://storage.test/old' }],
    })
    backend.hold('send', 'b.pdf')
    await choose([aFile('a.pdf'), aFile('b.pdf', 1000)])
    await untilStored()
    backend.progress('b.pdf', 0.5)
    await press('Remove a.pdf')
    const walker = document.createTreeWalker(field(), NodeFilter.SHOW_TEXT)
    const crowded: string[] = []
    while (walker.nextNode()) {
      const { data, parentNode } = walker.currentNode as Text
      if (data.trim() !== '' && parentNode?.childNodes.length !== 1) crowded.push(data)
    }
    expect(crowded).toEqual([])
  })
})

describe("the server's HTML", () => {
  const page = (props: object) => (
    <StrictMode>
      <form data-testid="form">
        <FileAnswerField label="Documents" name="documents" backend={createMemoryBackend()} {...(props as object)} />
      </form>
    </StrictMode>
  )
  const hydrate = async (html: string, element: React.ReactElement, before = () => {}) => {
    const container = document.createElement('div')
    container.innerHTML = html
    document.body.append(container)
    before()
    const onRecoverableError = vi.fn()
    let root: ReturnType<typeof hydrateRoot> | undefined
    await act(async () => {
      root = hydrateRoot(container, element, { onRecoverableError })
    })
    await pass(100)
    return {
      onRecoverableError,
      end: () => {
        act(() => root?.unmount())
        container.remove()
      },
    }
  }

  test.each([
    ['empty, in English', {}],
    ['empty, in Korean', { messages: ko, required: true }],
    ['one file, in Korean', { messages: ko, maxFiles: 1, value: ['a'], knownFiles: [aStored('a')] }],
    [
      'many files with a value',
      { maxFiles: 5, accept: '.pdf', maxSize: 1_000_000, value: ['a', 'b'], knownFiles: [aStored('a'), aStored('b')] },
    ],
    ['ids that nobody knows', { defaultValue: ['a', 'b'] }],
    ['read only', { readOnly: true, value: ['a'], knownFiles: [{ ...aStored('a'), url: 'https://storage.test/a' }] }],
    ['disabled', { disabled: true, value: ['a'], error: 'No.' }],
  ])('%s is what the page makes of it', async (_, props) => {
    const html = renderToString(page(props))
    const { onRecoverableError, end } = await hydrate(html, page(props))
    expect(onRecoverableError).not.toHaveBeenCalled()
    end()
  })

  test('holds names and ids of known files, and the label of an input that works without script', () => {
    const html = renderToString(page({ defaultValue: ['a'], knownFiles: [aStored('a')] }))
    const container = document.createElement('div')
    container.innerHTML = html
    document.body.append(container)
    expect(names()).toEqual(['a.pdf'])
    expect(sent(screen.getByTestId('form'))).toEqual(['a'])
    expect(container.querySelector('label')?.htmlFor).toBe(inputOf().id)
    container.remove()
  })

  test('takes files that were chosen before the page came to life', async () => {
    const { end } = await hydrate(renderToString(page({})), page({}), () => {
      const input = inputOf()
      Object.defineProperty(input, 'files', { configurable: true, value: [aFile('early.pdf')] })
      // What a browser does when the input is emptied.
      Object.defineProperty(input, 'value', {
        configurable: true,
        set() {
          Object.defineProperty(input, 'files', { configurable: true, value: [] })
        },
      })
    })
    await untilStored()
    expect(names()).toEqual(['early.pdf'])
    expect(stateOf('early.pdf')).toBe('done')
    end()
  })
})

test('FileAnswerProvider sets the words of all fields in it, which a field may override', () => {
  const backend = createMemoryBackend()
  const { rerender } = render(
    <FileAnswerProvider messages={ko}>
      <FileAnswerField label="서류" backend={backend} required />
      <FileAnswerField
        label="사진"
        backend={backend}
        messages={{ ...ko, text: { ...ko.text, chooseFiles: '사진 고르기' } }}
      />
    </FileAnswerProvider>,
  )
  expect(button('파일 선택 서류 (필수)')).toBeInTheDocument()
  expect(button('사진 고르기 사진')).toBeInTheDocument()
  rerender(<FileAnswerField label="Papers" backend={backend} />)
  expect(button('Choose files Papers')).toBeInTheDocument()
})

test("the host's classes, style and part names reach their elements", async () => {
  mount({
    className: 'mine',
    classNames: { root: 'root', trigger: 'trigger', item: 'item' },
    style: { color: 'red' },
    id: 'question',
  })
  await choose(aFile('a.pdf'))
  expect(field()).toHaveClass('mine', 'root')
  expect(field()).toHaveStyle({ color: 'rgb(255, 0, 0)' })
  expect(field().id).toBe('question')
  expect(triggerOf()).toHaveClass('trigger')
  expect(rows()[0]).toHaveClass('item')
  expect(idsShown()).toHaveLength(1)
})
