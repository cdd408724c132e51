/** Our protocol's `presign`, for the bare pages and for peers whose host writes the signing itself. */
import type { GrantBody, PresignAnswer } from '../../src/protocol/actions.js'

export type { GrantBody }
export type Multipart = Extract<GrantBody, { method: 'MULTIPART' }>
export type Single = Exclude<GrantBody, Multipart>

/** `variant`: the query that says which grants are wanted. */
export async function call<T>(variant: string, body: object): Promise<T> {
  const response = await fetch(`/api/uploads?${variant}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as T
}

export async function grantsFor(variant: string, files: readonly File[]): Promise<readonly GrantBody[]> {
  const described = files.map(({ name, size, type }, index) => ({ key: String(index), name, size, type }))
  const { grants } = await call<PresignAnswer>(variant, { action: 'presign', files: described })
  return grants as readonly GrantBody[]
}

/** For one request: a peer's variants never ask for parts. */
export async function grantFor(variant: string, file: File): Promise<Single> {
  const [grant] = await grantsFor(variant, [file])
  if (grant === undefined || grant.method === 'MULTIPART') throw new Error('No grant for a single request.')
  return grant
}
