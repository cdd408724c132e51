import { DeleteBucketCorsCommand, GetBucketCorsCommand, PutBucketCorsCommand } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { pageOrigin, preflight, send } from './browser.js'
import { barePut, type Contract, grantHeaders, openContract, refused, signedGet, signedPut } from './grants.js'

export function corsContract(contract: () => Contract): void {
  describe('a preflight', () => {
    it('passes for the origin, method and headers of a rule, and says how long that holds', async () => {
      const { url } = await barePut(contract())
      const answer = await preflight(url, { method: 'PUT', headers: grantHeaders })
      expect(answer).toMatchObject({ status: 200, readable: true })
      expect(answer.headers['access-control-allow-methods']).toContain('PUT')
      expect(answer.headers['access-control-max-age']).toBe('600')
      const allowed = (answer.headers['access-control-allow-headers'] ?? '').toLowerCase()
      for (const name of grantHeaders) expect(allowed).toContain(name)
    })

    it('takes header names in any case', async () => {
      const { url } = await barePut(contract())
      expect(await preflight(url, { method: 'PUT', headers: ['Content-Type', 'IF-NONE-MATCH'] })).toMatchObject({
        status: 200,
      })
    })

    it.each([
      ['another origin', { method: 'PUT', origin: 'https://evil.example' }],
      ['the origin as a prefix', { method: 'PUT', origin: `${pageOrigin}.evil.example` }],
      ['the origin by http', { method: 'PUT', origin: 'http://page.example' }],
      ['a method without a rule', { method: 'DELETE' }],
      ['a header without a rule', { method: 'PUT', headers: ['content-type', 'x-amz-meta-colour'] }],
    ])('is refused with 403 for %s', async (_, asked) => {
      const { url } = await barePut(contract())
      expect(await preflight(url, asked)).toMatchObject({
        status: 403,
        code: contract().storage.kind === 'ceph' ? 'AccessDenied' : 'AccessForbidden',
        readable: false,
      })
    })

    it('takes any subdomain for the wildcard of an origin', async () => {
      const { url } = await barePut(contract())
      const origin = 'https://pr-12.preview.example'
      const answer = await preflight(url, { method: 'PUT', origin })
      expect(answer.status).toBe(200)
      expect(answer.headers['access-control-allow-origin']).toBe(origin)
    })

    it('without what it asks for is a bad request', async () => {
      const { url } = await barePut(contract())
      expect(await send(url, { method: 'OPTIONS' })).toMatchObject({ status: 400 })
    })
  })

  describe('an answer', () => {
    it('can be read by the page of a rule and by no other', async () => {
      const { key, url, headers } = await signedPut(contract(), 'text')
      await send(url, { method: 'PUT', headers, body: 'text' })
      const get = await signedGet(contract(), key)
      expect(await send(get)).toMatchObject({ status: 200, readable: true })
      expect(await send(get, { origin: 'https://evil.example' })).toMatchObject({ status: 200, readable: false })
      expect((await send(get, { origin: null })).headers['access-control-allow-origin']).toBeUndefined()
    })

    it('of 404 can be read, too', async () => {
      const get = await signedGet(contract(), 'nothing/here')
      expect(await send(get)).toMatchObject({ status: 404, code: 'NoSuchKey', readable: true })
    })
  })

  describe('CORS rules', () => {
    it('come back as they were put, and end when they are deleted', async () => {
      const own = await openContract(contract().storage)
      const rule = {
        AllowedOrigins: ['*'],
        AllowedMethods: ['GET', 'PUT'],
        AllowedHeaders: ['*'],
        ExposeHeaders: ['ETag'],
        MaxAgeSeconds: 60,
      }
      const Bucket = own.bucket
      await own.client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }))
      const { CORSRules } = await own.client.send(new GetBucketCorsCommand({ Bucket }))
      expect(CORSRules).toHaveLength(1)
      expect(CORSRules?.[0]).toMatchObject({
        ...rule,
        AllowedMethods: expect.arrayContaining(rule.AllowedMethods) as string[],
      })

      const { url } = await barePut(own)
      const answer = await preflight(url, { method: 'PUT', headers: ['x-anything'], origin: 'https://anyone.example' })
      expect(answer).toMatchObject({ status: 200, readable: true })
      expect(answer.headers['access-control-allow-headers']).toContain('x-anything')

      await own.client.send(new DeleteBucketCorsCommand({ Bucket }))
      expect(await refused(own.client.send(new GetBucketCorsCommand({ Bucket })))).toMatchObject({
        status: 404,
        code: 'NoSuchCORSConfiguration',
      })
      expect(await preflight(url, { method: 'PUT' })).toMatchObject({ status: 403, readable: false })
      expect(await send(url, { method: 'PUT', body: 'text' })).toMatchObject({ status: 200, readable: false })
    })
  })
}
