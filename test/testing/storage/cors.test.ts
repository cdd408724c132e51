import { describe, expect, it } from 'vitest'
import {
  corsHeaders,
  corsXml,
  type CorsRule,
  parseCorsRules,
  preflightHeaders,
} from '../../../src/testing/storage/cors.js'

const aRule = (rule: Partial<CorsRule> = {}): CorsRule => ({
  allowedOrigins: ['*'],
  allowedMethods: ['PUT'],
  allowedHeaders: ['*'],
  ...rule,
})
const asked = (headers: Record<string, string> = {}) => ({
  origin: 'https://a.example',
  'access-control-request-method': 'PUT',
  ...headers,
})

describe('CORS rules', () => {
  it('answer with a star where anyone may, and with the origin and credentials where only some may', () => {
    expect(preflightHeaders([aRule()], asked())).toMatchObject({ 'access-control-allow-origin': '*' })
    expect(preflightHeaders([aRule()], asked())).not.toHaveProperty('access-control-allow-credentials')
    const some = preflightHeaders([aRule({ allowedOrigins: ['https://*.example'] })], asked())
    expect(some).toMatchObject({
      'access-control-allow-origin': 'https://a.example',
      'access-control-allow-credentials': 'true',
    })
  })

  it('are tried one after the other until one allows all that is asked', () => {
    const rules = [
      aRule({ allowedHeaders: [], maxAgeSeconds: 1 }),
      aRule({ allowedHeaders: ['X-Amz-*', 'content-type'], maxAgeSeconds: 2 }),
    ]
    const headers = preflightHeaders(rules, asked({ 'access-control-request-headers': 'x-amz-acl, Content-Type' }))
    expect(headers).toMatchObject({
      'access-control-max-age': '2',
      'access-control-allow-headers': 'x-amz-acl, content-type',
    })
    expect(() => preflightHeaders(rules, asked({ 'access-control-request-headers': 'authorization' }))).toThrow(
      'not allowed',
    )
    expect(() => preflightHeaders(undefined, asked())).toThrow('not allowed')
  })

  it('take the two ends of a wildcard as apart', () => {
    const rules = [aRule({ allowedOrigins: ['https://aa*aa'] })]
    expect(() => preflightHeaders(rules, asked({ origin: 'https://aaa' }))).toThrow('not allowed')
  })

  it('say nothing to a request without an origin, or of another method', () => {
    expect(corsHeaders([aRule()], { method: 'PUT', headers: {} })).toEqual({})
    expect(corsHeaders([aRule()], { method: 'GET', headers: { origin: 'https://a.example' } })).toEqual({})
  })

  it('come back from their XML', () => {
    const rules = [aRule({ id: 'one', exposeHeaders: ['ETag'], maxAgeSeconds: 5 }), aRule({ exposeHeaders: [] })]
    expect(parseCorsRules(corsXml(rules))).toEqual(rules)
  })

  it.each<[string, string]>([
    ['of another kind', '<Delete/>'],
    ['without rules', '<CORSConfiguration></CORSConfiguration>'],
    [
      'with a rule without methods',
      '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>',
    ],
    ['with an unknown method', corsXml([{ ...aRule(), allowedMethods: ['PATCH' as 'PUT'] }])],
    ['with two wildcards', corsXml([aRule({ allowedOrigins: ['*.*'] })])],
    ['with a wildcard to expose', corsXml([aRule({ exposeHeaders: ['*'] })])],
  ])('%s are refused', (_, xml) => {
    expect(() => parseCorsRules(xml)).toThrow()
  })
})
