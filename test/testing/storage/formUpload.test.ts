import { describe, expect, it } from 'vitest'
import { formBody, send } from '../../contract/browser.js'
import { signedForm } from '../../contract/grants.js'
import { aStorage, bucket } from './standIn.js'

async function aForm() {
  const storage = await aStorage()
  const grant = await signedForm(storage.signing)
  return { storage, ...grant }
}

describe('a form upload to the stand-in', () => {
  it('cut after its file stores nothing', async () => {
    const { storage, url, fields } = await aForm()
    const { body, headers } = formBody(fields, { content: 'text' }, [{ name: 'after', value: 'x' }])
    const answer = await send(url, { method: 'POST', headers, body: body.subarray(0, -60) })
    expect(answer).toMatchObject({ status: 400, code: 'MalformedPOSTRequest', readable: true })
    expect(storage.objects(bucket)).toEqual([])
  })

  it('with a field twice is refused', async () => {
    const { storage, url, fields, key } = await aForm()
    const body = formBody([...fields, { name: 'KEY', value: key }], { content: 'text' })
    expect(await send(url, { method: 'POST', ...body })).toMatchObject({ status: 400, code: 'InvalidArgument' })
    expect(storage.objects(bucket)).toEqual([])
  })

  it('with more than 20 kB before its file is refused', async () => {
    const { url, fields } = await aForm()
    const body = formBody([...fields, { name: 'x-ignore-much', value: 'x'.repeat(20_000) }], { content: 'text' })
    expect(await send(url, { method: 'POST', ...body })).toMatchObject({
      status: 400,
      code: 'MaxPostPreDataLengthExceeded',
    })
  })

  it('of another encoding is refused', async () => {
    const { url } = await aForm()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(await send(url, { method: 'POST', headers, body: 'key=a' })).toMatchObject({
      status: 412,
      code: 'PreconditionFailed',
    })
  })

  it('keeps the last component of a file name that is a path', async () => {
    const { storage, fields, url } = await (async () => {
      const storage = await aStorage()
      return { storage, ...(await signedForm(storage.signing, { Key: 'uploads/${filename}' })) }
    })()
    await send(url, { method: 'POST', ...formBody(fields, { content: 'text', name: 'C:\\fakepath\\보고서.txt' }) })
    expect(storage.objects(bucket)).toMatchObject([{ key: 'uploads/보고서.txt' }])
  })

  it('describes its file in fields of UTF-8', async () => {
    const storage = await aStorage()
    const { url, fields } = await signedForm(storage.signing, {
      Fields: {
        'Content-Disposition': 'attachment; filename="é.txt"',
        'x-amz-meta-note': 'a',
        tagging: '<Tagging><TagSet><Tag><Key>state</Key><Value>pending</Value></Tag></TagSet></Tagging>',
      },
    })
    expect(await send(url, { method: 'POST', ...formBody(fields, { content: 'text' }) })).toMatchObject({ status: 204 })
    expect(storage.objects(bucket)).toMatchObject([{ metadata: { note: 'a' }, tags: { state: 'pending' } }])
  })
})
