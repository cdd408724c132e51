// Links that download: the original name, never a page, nothing but reading.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bob, bytes, keyOf, openStorage, type Place, send, serve, storageOptions } from './harness.js'

let place: Place
beforeAll(async () => {
  place = await openStorage()
})
afterAll(() => place.stop())

const serveHere = (options: Parameters<typeof serve>[0] = {}) =>
  serve({ storage: storageOptions(place), methods: ['PUT'], ...options })
const stored = async (server: ReturnType<typeof serveHere>, file: { name: string; type: string }) => {
  const granted = await server.grant(file)
  expect((await send(granted, bytes(5))).status).toBe(200)
  return granted
}

describe('describe', () => {
  test.each([
    ['photo.png', 'image/png'],
    ['이력서.pdf', 'application/pdf'],
    ['100%.jpg', 'image/jpeg'],
    ['a%2Fb.pdf', 'application/pdf'],
    ['a+b&c#d?.pdf', 'application/pdf'],
    ['a "quoted"; name.pdf', 'application/pdf'],
    ['é©\u00a0.pdf', 'application/pdf'],
    ['Screenshot 2024-07-11 at 1.08.45\u202fPM.png', 'image/png'],
  ])('links to %j, downloaded under its own name', async (name, type) => {
    const server = serveHere()
    const { id } = await stored(server, { name, type })
    const { body } = await server.call({ action: 'describe', ids: [id] })
    expect(body.files).toEqual([{ id, name, size: 5, type, url: expect.any(String), expiresIn: 900 }])
    const response = await fetch(body.files[0].url)
    expect(response.status).toBe(200)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes(5))
    expect(response.headers.get('content-type')).toBe(type)
    expect(response.headers.get('cache-control')).toBe('private, no-cache')
    const disposition = response.headers.get('content-disposition') ?? ''
    const extended = /filename\*=UTF-8''(.*)$/.exec(disposition)?.[1]
    expect(extended === undefined ? disposition : decodeURIComponent(extended)).toContain(name)
    expect(disposition).toMatch(/^attachment; /)
  })

  test('asks the storage nothing', async () => {
    const { grant, call } = serve({ methods: ['PUT'] })
    const { id } = await grant()
    expect((await call({ action: 'describe', ids: [id] })).status).toBe(200)
  })

  test('answers unknown, foreign and forged ids alike, in their places', async () => {
    const server = serveHere()
    const asBob = serveHere({ authorize: () => bob })
    const [mine, his] = [await server.grant(), await asBob.grant()]
    const ids = [his.id, mine.id, 'forged', '', 'x'.repeat(5000), `${String(mine.id)}A`]
    const { body } = await server.call({ action: 'describe', ids })
    const invalid = ids.map((id) => ({ id, error: { code: 'invalid' } }))
    expect(body.files).toEqual([invalid[0], expect.objectContaining({ id: mine.id }), ...invalid.slice(2)])
  })

  test('gives what a browser would run as plain bytes', async () => {
    const server = serveHere()
    for (const [name, type] of [
      ['a.html', 'text/html'],
      ['a.svg', 'image/svg+xml'],
      ['a.xml', 'text/xml'],
      ['a.js', 'text/javascript'],
    ] as const) {
      const { id } = await stored(server, { name, type })
      const { body } = await server.call({ action: 'describe', ids: [id] })
      const response = await fetch(body.files[0].url)
      expect(response.headers.get('content-type')).toBe('application/octet-stream')
      expect(response.headers.get('content-disposition')).toMatch(/^attachment/)
    }
  })

  test('shows inline what the host lists, and refuses to list what a browser runs', async () => {
    const server = serveHere({ inlineTypes: ['image/png'] })
    const { id } = await stored(server, { name: 'photo.png', type: 'image/png' })
    const { body } = await server.call({ action: 'describe', ids: [id] })
    expect((await fetch(body.files[0].url)).headers.get('content-disposition')).toBe('inline; filename="photo.png"')
    for (const type of ['text/html', 'image/svg+xml', 'application/xml', 'application/xhtml+xml', 'text/javascript']) {
      expect(() => serveHere({ inlineTypes: [type] })).toThrow(/inlineTypes/)
    }
  })

  test('signs links that serve nothing else: another name, another type, another key, a PUT', async () => {
    const server = serveHere()
    const granted = await stored(server, { name: 'photo.png', type: 'image/png' })
    const { body } = await server.call({ action: 'describe', ids: [granted.id] })
    const url: string = body.files[0].url
    for (const other of [
      url.replace('attachment', 'inline'),
      url.replace('image%2Fpng', 'text%2Fhtml'),
      url.replace(/[0-9a-f]{32}/, '0'.repeat(32)),
    ]) {
      expect(other).not.toBe(url)
      expect((await fetch(other)).status).toBe(403)
    }
    expect((await fetch(url, { method: 'PUT', body: bytes(5) })).status).toBe(403)
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403)
    expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe('host')
    expect(url).not.toMatch(/x-amz-checksum/i)
  })
})

describe('presignDownload', () => {
  test('gives a link for an id of the person, null for all others', async () => {
    const { uploads, ...server } = serveHere({ downloadExpiresIn: 60 })
    const { id } = await stored({ uploads, ...server }, { name: 'photo.png', type: 'image/png' })
    const download = await uploads.presignDownload(String(id), { subject: 'anna' })
    expect(download).toEqual({ url: expect.any(String), expiresIn: 60, name: 'photo.png', type: 'image/png' })
    expect((await fetch(download?.url ?? '')).status).toBe(200)
    expect(await uploads.presignDownload(String(id), { subject: 'bob' })).toBeNull()
    expect(await uploads.presignDownload('forged', { subject: 'anna' })).toBeNull()
  })

  test('gives a link for a key and name of the host’s own', async () => {
    const { uploads, ...server } = serveHere()
    const granted = await stored({ uploads, ...server }, { name: 'photo.png', type: 'image/png' })
    const key = keyOf(granted, place.bucket)
    const { url } = await uploads.presignDownload({ key, name: '사진.png' })
    const response = await fetch(url)
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(decodeURIComponent(response.headers.get('content-disposition') ?? '')).toContain("UTF-8''사진.png")
  })
})

describe('a link of its own expiry', () => {
  test('lives as long as it is told, and is an attachment where that is wanted', async () => {
    const { uploads, ...server } = serveHere({ inlineTypes: ['image/png'] })
    const { id } = await stored({ uploads, ...server }, { name: 'photo.png', type: 'image/png' })
    const download = await uploads.presignDownload(String(id), { subject: 'anna' }, { expiresIn: 30, as: 'attachment' })
    expect(download?.expiresIn).toBe(30)
    expect(new URL(download?.url ?? '').searchParams.get('X-Amz-Expires')).toBe('30')
    expect((await fetch(download?.url ?? '')).headers.get('content-disposition')).toMatch(/^attachment/)
    for (const expiresIn of [0, -1, Number.NaN, 604_801]) {
      await expect(uploads.presignDownload({ key: 'a', name: 'a.png' }, { expiresIn })).rejects.toThrow(/expiresIn/)
    }
    await expect(uploads.presignDownload(String(id), undefined as never)).rejects.toThrow(/whose/)
  })
})

describe('a download route', () => {
  test('leads to the file of the id, and nobody keeps where to', async () => {
    const { uploads, ...server } = serveHere()
    const { id } = await stored({ uploads, ...server }, { name: '사진.png', type: 'image/png' })
    const response = await uploads.redirectToDownload(String(id), { subject: 'anna' }, { expiresIn: 60 })
    expect([response.status, response.headers.get('cache-control'), response.headers.get('referrer-policy')]).toEqual([
      302,
      'private, no-store',
      'no-referrer',
    ])
    const location = response.headers.get('location') ?? ''
    expect(new URL(location).origin).toBe(place.endpoint)
    expect((await fetch(location)).status).toBe(200)
  })

  test.each(['https://evil.example/', '//evil.example', 'javascript:alert(1)', '', '\\\\evil', 'forged'])(
    'A19: leads nowhere for %j',
    async (id) => {
      const response = await serveHere().uploads.redirectToDownload(id, { subject: 'anna' })
      expect([response.status, response.headers.get('location')]).toEqual([404, null])
    },
  )
})

describe('thumbnailFor', () => {
  const describeOne = async (server: ReturnType<typeof serveHere>, id: unknown) =>
    (await server.call({ action: 'describe', ids: [id] })).body.files[0]

  test('shows small pictures themselves, and no page, program or large photo', async () => {
    const server = serveHere({ thumbnailFor: 'original' })
    const { id } = await stored(server, { name: 'photo.png', type: 'image/png' })
    const { thumbnailUrl } = await describeOne(server, id)
    const response = await fetch(thumbnailUrl)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png'])
    for (const file of [
      { name: 'a.svg', type: 'image/svg+xml' },
      { name: 'a.pdf', type: 'application/pdf' },
      { name: 'large.png', type: 'image/png', size: 1024 ** 2 + 1 },
    ]) {
      expect(await describeOne(server, (await server.grant(file)).id)).not.toHaveProperty('thumbnailUrl')
    }
  })

  test('signs a link to the object that a job of the host made, or takes its URL', async () => {
    const made = new Map<string, unknown>()
    const server = serveHere({
      thumbnailFor: (file, { subject }) => (subject === 'anna' ? (made.get(file.name) as never) : null),
    })
    const { id } = await server.grant()
    expect(await describeOne(server, id)).not.toHaveProperty('thumbnailUrl')
    made.set('photo.png', { key: 'thumbnails/1.webp', name: 'photo.webp' })
    const { thumbnailUrl, url, expiresIn } = await describeOne(server, id)
    expect(new URL(thumbnailUrl).pathname).toBe(`/${place.bucket}/thumbnails/1.webp`)
    for (const each of [thumbnailUrl, url])
      expect(new URL(each).searchParams.get('X-Amz-Expires')).toBe(String(expiresIn))
    made.set('photo.png', 'https://images.example/1.webp')
    expect((await describeOne(server, id)).thumbnailUrl).toBe('https://images.example/1.webp')
    for (const evil of ['javascript:alert(1)', 'data:text/html,x', ' java\nscript:alert(1)']) {
      made.set('photo.png', evil)
      expect(await describeOne(server, id)).not.toHaveProperty('thumbnailUrl')
    }
  })
})
