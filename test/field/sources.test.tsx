/** Where grants come from: an endpoint, the host's own functions, a whole backend, or an answer made outside. */
import { act, render, screen } from '@testing-library/react'
import { createFileAnswer, FileAnswerField } from 'file-answer-field'
import { createFetchMock, createMemoryBackend } from 'file-answer-field/testing'
import { describe, expect, test, vi } from 'vitest'
import {
  aFile,
  choose,
  field,
  inputOf,
  mount,
  names,
  pass,
  rows,
  stateOf,
  stepsOf,
  untilStored,
  standStill,
} from './kit.js'

standStill()

type Sent = RequestInit & { headers: Headers }

/** What was asked and sent for files; the server's rules are asked for beside it, once. */
const callsOf = ({ mock }: { mock: { calls: Parameters<typeof fetch>[] } }) =>
  mock.calls.filter(([, init]) => !String(init?.body).includes('"action":"rules"'))

describe('endpoint', () => {
  test('as a string is asked by POST with JSON, same-origin credentials, field and context', async () => {
    const fetch = vi.fn(createFetchMock())
    vi.stubGlobal('fetch', fetch)
    const onChange = vi.fn()
    mount({ endpoint: '/api/uploads', context: { form: '7' }, onChange })
    await choose(aFile('a.pdf'))
    await untilStored()
    const [url, init] = callsOf(fetch)[0] ?? []
    const { method, body, credentials, headers } = init as Sent
    expect({ url, method, credentials }).toEqual({ url: '/api/uploads', method: 'POST', credentials: 'same-origin' })
    expect(headers.get('content-type')).toBe('application/json')
    expect(JSON.parse(String(body))).toEqual({
      action: 'presign',
      field: 'documents',
      context: { form: '7' },
      files: [{ key: expect.any(String), name: 'a.pdf', size: 5, type: 'application/pdf' }],
    })
    expect(onChange).toHaveBeenLastCalledWith(['file-1'], expect.anything())
  })

  test('sends the bytes by the mocked global fetch, without cookies and with the signed content type', async () => {
    const fetch = vi.fn(createFetchMock())
    vi.stubGlobal('fetch', fetch)
    mount({ endpoint: '/api/uploads' })
    await choose(aFile('a.pdf', 400_000))
    await untilStored()
    const [url, init] = callsOf(fetch)[1] ?? []
    expect(url).toBe('https://storage.invalid/file-1')
    expect(init).toMatchObject({ method: 'PUT', credentials: 'omit', headers: { 'content-type': 'application/pdf' } })
    expect(init?.body).toHaveProperty('size', 400_000)
  })

  test('names the field by `field` where it is given', async () => {
    const { backend } = mount({ field: 'question 3' })
    await choose(aFile())
    await untilStored()
    expect(stepsOf(backend, 'presign')).toEqual([expect.objectContaining({ field: 'question 3' })])
  })

  test('asks its headers function at every call, so that a renewed token is used', async () => {
    const fetch = vi.fn(createFetchMock(createMemoryBackend({ confirm: true })))
    vi.stubGlobal('fetch', fetch)
    let token = 0
    const headers = vi.fn(async () => ({ 'x-csrf-token': `token ${++token}` }))
    mount({ endpoint: { url: '/api/uploads', headers, credentials: 'include' } })
    await choose(aFile())
    await untilStored()
    const own = fetch.mock.calls.filter(([url]) => url === '/api/uploads').map(([, init]) => init as Sent)
    expect(own.map((init) => JSON.parse(String(init.body)).action)).toEqual(['rules', 'presign', 'complete'])
    expect(own.map((init) => init.headers.get('x-csrf-token'))).toEqual(['token 1', 'token 2', 'token 3'])
    expect(new Set(own.map(({ credentials }) => credentials))).toEqual(new Set(['include']))
    // The storage never sees the host's headers.
    const [storage] = fetch.mock.calls.filter(([url]) => url !== '/api/uploads')
    expect(new Headers(storage?.[1]?.headers).get('x-csrf-token')).toBeNull()
  })

  test('uses the headers of the newest render', async () => {
    const fetch = vi.fn(createFetchMock())
    vi.stubGlobal('fetch', fetch)
    const { change } = mount({ endpoint: { url: '/api/uploads', headers: { 'x-csrf-token': 'old' } } })
    await change({ endpoint: { url: '/api/uploads', headers: { 'x-csrf-token': 'new' } } })
    await choose(aFile())
    await untilStored()
    const [, init] = fetch.mock.calls[0] ?? []
    expect((init as Sent).headers.get('x-csrf-token')).toBe('new')
  })

  test('calls the `fetch` that it was given', async () => {
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => new Response(null, { status: 200 })),
    )
    const own = vi.fn(createFetchMock())
    mount({ endpoint: { url: '/api/uploads', fetch: own } })
    await choose(aFile())
    await untilStored()
    expect(callsOf(own).map(([url]) => url)).toEqual(['/api/uploads'])
    expect(stateOf('a.pdf')).toBe('done')
  })

  test('may become another while files are on their way: these go on, and new files ask the new one', async () => {
    const backend = createMemoryBackend()
    const otherwise = createFetchMock(backend, { endpoint: '/new' })
    const fetch = vi.fn(createFetchMock(backend, { endpoint: '/old', otherwise }))
    vi.stubGlobal('fetch', fetch)
    const { change } = mount({ endpoint: '/old' })
    backend.hold('send')
    await choose(aFile('a.pdf'))
    await untilStored()
    await change({ endpoint: '/new' })
    await choose(aFile('b.pdf'))
    backend.release()
    await untilStored()
    expect(
      callsOf(fetch)
        .map(([url]) => url)
        .filter((url) => !String(url).startsWith('https')),
    ).toEqual(['/old', '/new'])
    expect(rows().map(({ dataset }) => dataset.state)).toEqual(['done', 'done'])
  })

  test('that is not there is told in the row, and nothing reaches React', async () => {
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => new Response('<h1>Not found</h1>', { status: 404 })),
    )
    const onError = vi.fn()
    mount({ endpoint: '/wrong', onError })
    await choose(aFile())
    await untilStored()
    expect(stateOf('a.pdf')).toBe('failed')
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'server', status: 404 }), expect.anything())
    // The developer is told once what is likely wrong.
    expect(vi.mocked(console.warn).mock.calls.flat()).toEqual([expect.stringContaining('is the endpoint right?')])
    vi.mocked(console.warn).mockClear()
  })
})

describe('requestUpload', () => {
  const storage = () => {
    const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response(null, { status: 200 }))
    vi.stubGlobal('fetch', fetch)
    return fetch
  }

  test('gives `{ id, url }` for a file: a PUT with the content type it was told; a numeric id becomes a string', async () => {
    const fetch = storage()
    const requestUpload = vi.fn(async () => ({ id: 42, url: 'https://bucket.test/42' }))
    const onChange = vi.fn()
    mount({ requestUpload, onChange })
    const file = aFile('a.pdf')
    await choose(file)
    await untilStored()
    expect(requestUpload.mock.calls).toEqual([
      [file, { key: expect.any(String), name: 'a.pdf', type: 'application/pdf', signal: expect.any(AbortSignal) }],
    ])
    expect(fetch.mock.calls).toEqual([
      [
        'https://bucket.test/42',
        expect.objectContaining({ method: 'PUT', body: file, headers: { 'content-type': 'application/pdf' } }),
      ],
    ])
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['42']])
  })

  test('may ask for a form POST: its fields come first and the file last', async () => {
    const fetch = storage()
    const requestUpload = async () => ({
      id: 'a',
      url: 'https://bucket.test/',
      method: 'POST' as const,
      fields: { key: 'uploads/a', policy: 'p' },
    })
    mount({ requestUpload })
    await choose(aFile('a.pdf'))
    await untilStored()
    const [url, init] = fetch.mock.calls[0] ?? []
    expect({ url, method: init?.method }).toEqual({ url: 'https://bucket.test/', method: 'POST' })
    const body = init?.body as FormData
    expect([...body.keys()]).toEqual(['key', 'policy', 'file'])
    expect(stateOf('a.pdf')).toBe('done')
  })

  test('is asked again for the same id where storage says the URL has ended', async () => {
    const ended = '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'
    vi.stubGlobal(
      'fetch',
      vi.fn(async (url: string) =>
        url.endsWith('1') ? new Response(ended, { status: 403 }) : new Response(null, { status: 200 }),
      ),
    )
    let tries = 0
    const requestUpload = vi.fn(async (_file: File, _c: { renew?: string }) => ({
      id: 'a',
      url: `https://bucket.test/${++tries}`,
    }))
    const onChange = vi.fn()
    mount({ requestUpload, onChange })
    await choose(aFile())
    await untilStored()
    expect(requestUpload.mock.calls.map(([, { renew }]) => renew)).toEqual([undefined, 'a'])
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['a']])
  })

  test('is followed by confirmUpload before the id counts', async () => {
    storage()
    let confirm = () => {}
    const confirmUpload = vi.fn(
      (_id: string, _c: { file: File }) =>
        new Promise<void>((resolve) => {
          confirm = resolve
        }),
    )
    const onChange = vi.fn()
    mount({ requestUpload: async () => ({ id: 1, url: 'https://bucket.test/1' }), confirmUpload, onChange })
    const file = aFile('a.pdf')
    await choose(file)
    await untilStored()
    expect(confirmUpload.mock.calls).toEqual([['1', { file, signal: expect.any(AbortSignal) }]])
    expect(stateOf('a.pdf')).toBe('finishing')
    expect(onChange).not.toHaveBeenCalled()
    await act(async () => confirm())
    await untilStored()
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['1']])
  })

  test('that rejects, throws, or gives nothing tells its row and leaves the page alone', async () => {
    storage()
    const answers: Record<string, () => never> = {
      'a.pdf': () => Promise.reject('a string') as never,
      'b.pdf': () => {
        throw new Error('at once')
      },
      'c.pdf': () => undefined as never,
      'd.pdf': () => Promise.reject(Object.assign(new Error('closed'), { code: 'closed' })) as never,
    }
    mount({ requestUpload: (file: File) => answers[file.name]?.() as never })
    await choose(Object.keys(answers).map((name) => aFile(name)))
    await pass(120_000)
    expect(rows().map(({ dataset }) => [dataset.state, dataset.reason])).toEqual([
      ['failed', 'server'],
      ['failed', 'server'],
      ['failed', 'server'],
      ['failed', 'closed'],
    ])
  })

  test('has describeFiles beside it, which names ids once', async () => {
    const describeFiles = vi.fn(async (ids: string[]) =>
      ids.map((id) => ({ id, name: `${id}.pdf`, size: 5, type: 'application/pdf' })),
    )
    mount({ requestUpload: vi.fn(), describeFiles, value: ['a', 'b'] })
    await untilStored()
    expect(describeFiles.mock.calls).toEqual([[['a', 'b'], { signal: expect.any(AbortSignal) }]])
    expect(names()).toEqual(['a.pdf', 'b.pdf'])
  })
})

describe('answer', () => {
  const make = (more = {}) => {
    const backend = createMemoryBackend()
    return { backend, answer: createFileAnswer({ backend, ...more }) }
  }

  test('goes on while no field shows it, and is shown by the next', async () => {
    const { backend, answer } = make()
    backend.hold('send')
    const { unmount } = mount({ answer })
    await choose([aFile('a.pdf'), aFile('b.pdf')])
    await untilStored()
    unmount()
    await pass(10_000)
    backend.release()
    await pass(500)
    expect(answer.getIds()).toEqual(['file-1', 'file-2'])
    expect(backend.discarded).toEqual([])
    mount({ answer })
    expect(names()).toEqual(['a.pdf', 'b.pdf'])
    expect(rows().map(({ dataset }) => dataset.state)).toEqual(['done', 'done'])
  })

  test('owns the rules: the field says and follows them', async () => {
    const { answer } = make({ accept: '.pdf', maxFiles: 1, maxSize: 1024 * 1024 })
    mount({ answer })
    expect(screen.getByText('PDF. Up to 1 MB.')).toBeInTheDocument()
    expect(inputOf().multiple).toBe(false)
    expect(inputOf().accept).toContain('.pdf')
    expect(screen.getByRole('button', { name: 'Choose a file Documents' })).toBeInTheDocument()
  })

  test('owns minFiles and start, which the field keeps to in its form', async () => {
    const { backend, answer } = make({ minFiles: 2, start: 'submit' })
    mount({ answer })
    await choose(aFile())
    await untilStored()
    expect(backend.calls).toEqual([])
    act(() => expect(inputOf().reportValidity()).toBe(false))
    expect(field()).toHaveTextContent('Error: Attach at least 2 files. Now there is 1.')
  })

  test('is one engine for two fields: a file is sent once and shown in both', async () => {
    const { backend, answer } = make()
    render(
      <>
        <FileAnswerField label="Documents" answer={answer} />
        <FileAnswerField label="Again" answer={answer} />
      </>,
    )
    await choose(aFile('a.pdf'))
    await untilStored()
    expect(names()).toEqual(['a.pdf'])
    expect(names(field('Again'))).toEqual(['a.pdf'])
    expect(stepsOf(backend, 'send')).toHaveLength(1)
  })

  test("keeps the host's callback when the field's key changes, also in the very tick of a change", async () => {
    const { backend, answer } = make()
    const onChange = vi.fn()
    const page = (key: string) => <FileAnswerField key={key} label="Documents" answer={answer} onChange={onChange} />
    const { rerender } = render(page('first'))
    backend.hold('send')
    await choose([aFile('a.pdf'), aFile('b.pdf'), aFile('c.pdf'), aFile('d.pdf'), aFile('e.pdf')])
    await pass(100)
    backend.release('send', 'a.pdf')
    backend.release()
    onChange.mockImplementation((ids: string[]) => rerender(page(`after ${ids.length}`)))
    await untilStored()
    await act(async () => rerender(page('last')))
    await choose(aFile('f.pdf'))
    await untilStored()
    expect(onChange).toHaveBeenLastCalledWith(
      ['file-1', 'file-2', 'file-3', 'file-4', 'file-5', 'file-6'],
      expect.anything(),
    )
    expect(stepsOf(backend, 'send')).toHaveLength(6)
  })

  test('that takes the place of a source ends what that one made, after its grace', async () => {
    const { backend: other, answer } = make()
    const { change, backend } = mount()
    backend.hold('send')
    await choose(aFile('a.pdf'))
    await untilStored()
    await change({ answer })
    await pass(2_000)
    backend.release()
    await pass(2_000)
    expect([...backend.stored.keys()]).toEqual([])
    expect(backend.discarded).toEqual(['file-1'])
    await choose(aFile('b.pdf'))
    await untilStored()
    expect([...other.stored.keys()]).toEqual(['file-1'])
    expect(answer.isDisposed).toBe(false)
  })

  test.each(['another answer', 'the source it took the place of'])('goes on when %s takes its place', async (by) => {
    const { backend, answer } = make()
    const source = { backend: createMemoryBackend() }
    const { change } = mount(by === 'another answer' ? { answer } : source)
    await change({ answer })
    backend.hold('send')
    await choose(aFile('a.pdf'))
    await untilStored()
    await change(by === 'another answer' ? { answer: make().answer } : source)
    await pass(5_000)
    backend.release()
    await pass(500)
    expect(answer.isDisposed).toBe(false)
    expect(answer.getIds()).toEqual(['file-1'])
    await choose(aFile('b.pdf'))
    await untilStored()
    expect(stateOf('b.pdf')).toBe('done')
  })

  test('tells a field that comes back what was stored meanwhile', async () => {
    const { backend, answer } = make()
    backend.hold('send')
    const { unmount } = mount({ answer })
    await choose(aFile('a.pdf'))
    await untilStored()
    unmount()
    backend.release()
    await pass(500)
    const onChange = vi.fn()
    mount({ answer, onChange })
    await pass(100)
    expect(onChange.mock.calls.map(([ids]) => ids)).toEqual([['file-1']])
  })
})

test('sources that are mixed, missing or meet an answer do not compile', () => {
  const answer = createFileAnswer({ backend: createMemoryBackend() })
  const requestUpload = async () => ({ id: 1, url: '' })
  const backend = createMemoryBackend()
  void [
    <FileAnswerField key={1} label="" endpoint="/api" />,
    <FileAnswerField key={2} label="" endpoint={{ url: '/api', headers: () => ({}), credentials: 'omit', fetch }} />,
    <FileAnswerField key={3} label="" requestUpload={requestUpload} confirmUpload={async () => {}} value={[]} />,
    <FileAnswerField key={4} label="" backend={backend} defaultValue={[]} maxFiles={2} />,
    <FileAnswerField key={5} label="" answer={answer} value={['a']} />,
    // @ts-expect-error one source
    <FileAnswerField key={6} label="" endpoint="/api" requestUpload={requestUpload} />,
    // @ts-expect-error one source
    <FileAnswerField key={7} label="" endpoint="/api" backend={backend} />,
    // @ts-expect-error one source
    <FileAnswerField key={8} label="" requestUpload={requestUpload} backend={backend} />,
    // @ts-expect-error confirmUpload belongs to requestUpload
    <FileAnswerField key={9} label="" endpoint="/api" confirmUpload={async () => {}} />,
    // @ts-expect-error a source is needed
    <FileAnswerField key={10} label="" />,
    // @ts-expect-error the answer owns its source
    <FileAnswerField key={11} label="" answer={answer} endpoint="/api" />,
    // @ts-expect-error the answer owns its rules
    <FileAnswerField key={12} label="" answer={answer} maxFiles={2} />,
    // @ts-expect-error the answer owns its default value
    <FileAnswerField key={13} label="" answer={answer} defaultValue={['a']} />,
    // @ts-expect-error the answer was made to start when it does
    <FileAnswerField key={14} label="" answer={answer} start="submit" />,
    // @ts-expect-error the answer owns its question
    <FileAnswerField key={15} label="" answer={answer} field="documents" />,
    // @ts-expect-error the answer owns its context
    <FileAnswerField key={16} label="" answer={answer} context={{ form: '7' }} />,
  ]
})
