// What the rows of the table are made of: a server on a real storage, and an attacker who has what a page has.
import { expect } from 'vitest'
import type { GrantBody } from '../../../src/protocol/index.js'
import { bob, bytes, exists, keyOf, type Place, send, serve, storageOptions } from '../harness.js'

export interface Attack {
  /** `A1` to `A28`. */
  readonly id: string
  /** What the attacker does. */
  readonly does: string
  /** What must be seen. */
  readonly seen: string
  /** Where the other storage can't show it. */
  readonly on?: 'stand-in' | 'ceph'
  run(ground: Ground): Promise<void>
}

export type Server = ReturnType<typeof serve>
type Options = Parameters<typeof serve>[0]
export type Put = Extract<GrantBody, { method?: 'PUT' }> & { url: string; headers?: Record<string, string> }
export type Form = Extract<GrantBody, { fields: Record<string, string> }>
export type Multipart = Extract<GrantBody, { method: 'MULTIPART' }>

export const anna = { subject: 'anna', field: 'documents', context: { form: '7' } }
export const rest = { field: 'documents', context: { form: '7' } }

/** Where an attack takes place. */
export class Ground {
  constructor(readonly place: Place) {}

  server(options: Options = {}): Server {
    return serve({ storage: storageOptions(this.place), methods: ['PUT'], ...options })
  }

  asBob(options: Options = {}): Server {
    return this.server({ authorize: () => bob, ...options })
  }

  async put(server = this.server(), file: object = {}): Promise<Put> {
    return (await server.grant(file, rest)) as Put
  }

  async form(server = this.server({ methods: ['POST'] }), file: object = {}): Promise<Form> {
    return (await server.grant(file, rest)) as Form
  }

  async parts(server = this.server({ methods: ['MULTIPART'] }), size = 5): Promise<Multipart> {
    return (await server.grant({ size }, rest)) as Multipart
  }

  /** The id of a file of Anna's that is stored. */
  async stored(server = this.server(), file: object = {}): Promise<{ id: string; granted: Put; key: string }> {
    const granted = await this.put(server, file)
    expect((await send(granted, bytes(5))).status).toBe(200)
    return { id: String(granted.id), granted, key: this.key(granted) }
  }

  key(granted: GrantBody): string {
    return keyOf(granted, this.place.bucket)
  }

  /** The storage refuses what was sent, and holds nothing. */
  async isRefused(response: Response, granted: GrantBody, statuses: readonly number[] = [403]): Promise<void> {
    expect(statuses).toContain(response.status)
    expect(await exists(this.place, this.key(granted))).toBe(false)
  }

  /** The codes of what is wrong with an answer; empty when nothing is. */
  async problems(server: Server, ids: unknown, who: object = {}): Promise<string[]> {
    const verification = await server.uploads.verifyAnswer(ids, { ...anna, ...who })
    return verification.ok ? [] : verification.problems.map(({ code }) => code)
  }
}

export const withHeaders = (granted: Put, headers: Record<string, string>): Put => ({
  ...granted,
  headers: { ...granted.headers, ...headers },
})
export const withFields = (granted: Form, fields: Record<string, string>): Form => ({
  ...granted,
  fields: { ...granted.fields, ...fields },
})
