// What a host hangs in: a schema for the context, a bound on the rate, rules by question.
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { StandardSchema } from '../../src/server.js'
import { aFile, anna, serve } from './harness.js'

const codeOf = ({ status, body }: { status: number; body: { error?: { code: string } } }) => [status, body?.error?.code]

describe('a schema for the context', () => {
  const form = v.object({ form: v.pipe(v.string(), v.regex(/^\d+$/)), page: v.optional(v.string(), '1') })

  test('refuses what does not fit before anybody is asked, and repeats nothing of it', async () => {
    let asked = 0
    const { call } = serve({
      context: form,
      authorize: () => {
        asked += 1
        return anna
      },
    })
    for (const context of [undefined, {}, { form: 'x' }, { form: '<script>' }]) {
      const answer = await call({ action: 'rules', ...(context === undefined ? {} : { context }) })
      expect(codeOf(answer)).toEqual([400, 'invalid'])
      expect(answer.body.error.message).toBe('The context does not fit: form.')
    }
    expect(asked).toBe(0)
    expect((await call({ action: 'rules', context: { form: '7' } })).status).toBe(200)
  })

  test('gives what the context counts as: strange members go, defaults come', async () => {
    const seen: unknown[] = []
    const server = serve({
      methods: ['PUT'],
      context: form,
      authorize: ({ context }) => {
        seen.push(context)
        return anna
      },
    })
    const { id } = await server.grant({}, { context: { form: '7', evil: 'x' } })
    expect(seen).toEqual([{ form: '7', page: '1' }])
    expect(
      await server.uploads.presignDownload(String(id), { ...anna, context: { form: '7', page: '1' } }),
    ).not.toBeNull()
    expect(await server.uploads.presignDownload(String(id), { ...anna, context: { form: '7' } })).toBeNull()
  })

  test.each<[string, StandardSchema<Record<string, string>>['~standard']['validate'], number]>([
    ['that answers later', async () => ({ value: { form: '7' } }), 200],
    ['that throws', () => Promise.reject(new Error('hunter2')), 500],
    ['that gives no strings', () => ({ value: { form: 7 as never } }), 500],
    ['whose path has objects', () => ({ issues: [{ message: 'hunter2', path: [{ key: 'a' }, 0] }] }), 400],
  ])('%s is dealt with', async (_, validate, status) => {
    const { call } = serve({ context: { '~standard': { version: 1, vendor: 'test', validate } } })
    const answer = await call({ action: 'rules' })
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.body)).not.toContain('hunter2')
  })
})

describe('limitRate', () => {
  test('A18: bounds calls by what they cost, with Retry-After, before anything is issued', async () => {
    const seen: unknown[] = []
    let left = 5
    const { call } = serve({
      methods: ['PUT'],
      limitRate: ({ action, subject, members }) => {
        seen.push([action, subject, members])
        left -= members
        return left < 0 ? 12.3 : undefined
      },
    })
    const presign = (count: number) =>
      call({ action: 'presign', field: 'documents', files: Array.from({ length: count }, () => aFile()) })
    expect((await presign(4)).status).toBe(200)
    expect((await call({ action: 'rules' })).status).toBe(200)
    const refused = await presign(1)
    expect(codeOf(refused)).toEqual([429, 'rate-limited'])
    expect(refused.headers.get('retry-after')).toBe('13')
    expect(refused.body).not.toHaveProperty('grants')
    expect(seen).toEqual([
      ['presign', 'anna', 4],
      ['rules', 'anna', 1],
      ['presign', 'anna', 1],
    ])
  })

  test('is not asked about people who may not call at all', async () => {
    let asked = 0
    const { call } = serve({ authorize: () => null, limitRate: () => void (asked += 1) })
    expect((await call({ action: 'rules' })).status).toBe(403)
    expect(asked).toBe(0)
  })
})

test('rulesFor takes the name of a question, for HTML that is made before anybody signs in', async () => {
  const { uploads } = serve({
    rules: ({ field, subject }) => ({ maxFiles: field === 'documents' && !subject ? 5 : 1 }),
  })
  expect(await uploads.rulesFor('documents')).toEqual({ maxFiles: 5 })
  expect(await uploads.rulesFor({ subject: 'anna', field: 'documents' })).toEqual({ maxFiles: 1 })
})
