/** As little as a page can do: one batch of grants, requests handed to the browser, no user interface. */
import type { GrantBody, PresignAnswer } from '../../src/protocol/actions.js'
import { expose } from './harness.js'

type Multipart = Extract<GrantBody, { method: 'MULTIPART' }>
type Send = () => Promise<void>

/** Requests at once: small ones wait within the browser, so that its six connections don't wait for the page. */
const smallAtOnce = 12
const largeAtOnce = 6
const smallBytes = 256 * 1024

async function call<T>(variant: string, body: object): Promise<T> {
  const response = await fetch(`/api/uploads?method=${variant}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as T
}

const send = (
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Blob | FormData,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open(method, url)
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
    xhr.onloadend = () => (xhr.status >= 200 && xhr.status < 300 ? resolve() : reject(new Error(`${xhr.status}`)))
    xhr.send(body)
  })

async function sendAll(sends: readonly Send[], atOnce: number): Promise<void> {
  const left = [...sends]
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await next()
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

const sendParts = ({ parts, partSize }: Multipart, file: File): readonly Send[] =>
  parts.map(
    ({ partNumber, url }) =>
      () =>
        send('PUT', url, {}, file.slice((partNumber - 1) * partSize, partNumber * partSize)),
  )

function sendWhole(grant: GrantBody, file: File): Promise<void> {
  if (grant.method === 'MULTIPART') throw new Error('Parts where a single request was asked for.')
  if (grant.method !== 'POST') return send('PUT', grant.url, grant.headers ?? {}, file)
  const form = new FormData()
  for (const [name, value] of Object.entries(grant.fields)) form.append(name, value)
  form.append('file', file)
  return send('POST', grant.url, {}, form)
}

expose(async (files, { variant, workload }) => async () => {
  const described = files.map(({ name, size, type }, index) => ({ key: String(index), name, size, type }))
  const { grants } = await call<PresignAnswer>(variant, { action: 'presign', files: described })
  const pairs = files.map((file, index) => ({ file, grant: grants[index] as GrantBody }))
  const sends = pairs.flatMap(({ file, grant }) =>
    grant.method === 'MULTIPART' ? sendParts(grant, file) : [() => sendWhole(grant, file)],
  )
  await sendAll(sends, workload.size <= smallBytes ? smallAtOnce : largeAtOnce)
  for (const { grant } of pairs) {
    if (grant.method === 'MULTIPART') await call(variant, { action: 'complete', id: grant.id, upload: grant.upload })
  }
})
