import { expect, test } from '@playwright/test'
import { Applicant } from './applicant.ts'

const file = (name: string, content: string | number = 'hello', mimeType = 'application/pdf') => ({
  name,
  mimeType,
  buffer: typeof content === 'number' ? Buffer.alloc(content, 7) : Buffer.from(content),
})
const photo = file('face.jpg', 2_000, 'image/jpeg')

test.describe('the application form', () => {
  test('Korean names in NFD are shown, stored and downloaded in NFC', async ({ page, request }) => {
    const I = new Applicant(page)
    await I.openTheForm('/?lang=ko')
    await I.add('증명사진', photo)
    await I.add('제출 서류', [file('이력서 최종.hwp'.normalize('NFD'), '한글', '')])
    await I.see('제출 서류', ['이력서 최종.hwp'], 'done')
    const id = await I.submit()
    await expect(page.getByRole('heading', { name: '지원서가 접수되었습니다' })).toBeVisible()
    const { answers } = await (await request.get(`/api/answers/${id}`)).json()
    expect(answers.documents[0].name).toBe('이력서 최종.hwp')
    const downloaded = await request.get(answers.documents[0].url)
    expect(await downloaded.text()).toBe('한글')
    expect(downloaded.headers()['content-disposition']).toContain(
      `filename*=UTF-8''${encodeURIComponent('이력서 최종.hwp')}`,
    )
    I.sawNoConsoleMessage()
  })

  test('an empty file and a wrong type are told with what to do, and the others go on', async ({ page }) => {
    const I = new Applicant(page)
    await I.openTheForm()
    await I.add('Supporting documents', [file('cv.pdf'), file('empty.pdf', ''), file('setup.exe', 'MZ', '')])
    await expect(I.rows('Supporting documents').nth(0)).toHaveAttribute('data-state', 'done')
    await expect(I.rows('Supporting documents').nth(1)).toContainText(
      'The file is empty (0 bytes). Check it and choose it again.',
    )
    await expect(I.rows('Supporting documents').nth(2)).toContainText(
      'This type is not accepted. Use PDF, HWP, HWPX, DOCX or images.',
    )
    expect(await I.ids('Supporting documents')).toHaveLength(1)
  })

  test('two files alike in name, size and type are two files', async ({ page, request }) => {
    const I = new Applicant(page)
    await I.openTheForm()
    await I.add('ID photo', photo)
    await I.add('Supporting documents', [
      file('image.jpg', 'first', 'image/jpeg'),
      file('image.jpg', 'other', 'image/jpeg'),
    ])
    await I.see('Supporting documents', ['image.jpg', 'image.jpg'], 'done')
    await expect(page.getByRole('button', { name: 'Remove image.jpg, 2 of 2' })).toBeVisible()
    const id = await I.submit()
    const { answers } = await (await request.get(`/api/answers/${id}`)).json()
    const contents = await Promise.all(
      answers.documents.map(async ({ url }: { url: string }) => (await request.get(url)).text()),
    )
    expect(contents).toEqual(['first', 'other'])
  })

  test('a file removed while it uploads never reaches the answer, and its upload ends', async ({ page }) => {
    const I = new Applicant(page)
    await I.openTheForm()
    await page.route(/\/demo(\/|$)/, async (route) => {
      if (route.request().method() === 'OPTIONS') return route.continue()
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      await route.continue().catch(() => {})
    })
    const ended = page.waitForEvent('requestfailed', (request) => /\/demo(\/|$)/.test(request.url()))
    await I.add('Supporting documents', file('large.pdf', 3_000_000))
    await expect(I.rows('Supporting documents').first()).toHaveAttribute('data-state', 'uploading')
    await page.getByRole('button', { name: 'Cancel large.pdf' }).click()
    await ended
    await expect(I.rows('Supporting documents')).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Undo: remove large.pdf' })).toBeVisible()
    expect(await I.ids('Supporting documents')).toEqual([])
  })

  test('a form submitted while files are still going waits, then goes once', async ({ page }) => {
    const I = new Applicant(page)
    await I.openTheForm()
    const submissions: string[] = []
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/answers') submissions.push(request.postData() ?? '')
    })
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/api/uploads', async (route) => {
      await released
      await route.continue()
    })
    await I.add('ID photo', photo)
    await I.add('Supporting documents', [file('a.pdf'), file('b.pdf')])
    const button = page.getByRole('button', { name: 'Submit application' })
    await button.click()
    await button.click()
    await expect(I.question('ID photo').getByRole('status')).toContainText(
      'The form is sent as soon as 1 file is uploaded.',
    )
    const held = I.question('ID photo').locator('[data-part=held]')
    await expect(held).toHaveText('The form is sent as soon as 1 file is uploaded.')
    expect(submissions).toEqual([])
    release()
    await page.waitForURL(/\/answers\//)
    expect(submissions).toHaveLength(1)
    expect(new URLSearchParams(submissions[0]).getAll('documents')).toHaveLength(2)
    await expect(page.getByRole('link', { name: 'b.pdf' })).toBeVisible()
  })

  test('a saved answer opens in the form, keeps its ids, takes changes, and its removed file is not deleted before', async ({
    page,
    request,
  }) => {
    const I = new Applicant(page)
    await I.openTheForm()
    await I.add('ID photo', photo)
    await I.add('Supporting documents', [file('a.pdf', 'a'), file('b.pdf', 'b')])
    await I.see('Supporting documents', ['a.pdf', 'b.pdf'], 'done')
    await page.getByLabel('About you').fill('I like files.')
    const id = await I.submit()
    const before = (await (await request.get(`/api/answers/${id}`)).json()).answers

    await page.getByRole('link', { name: 'Change application' }).click()
    await I.see('Supporting documents', ['a.pdf', 'b.pdf'], 'restored')
    expect(await I.ids('Supporting documents')).toEqual(before.documents.map((each: { id: string }) => each.id))
    await page.getByRole('button', { name: 'Remove a.pdf' }).click()
    await expect(page.getByRole('button', { name: 'Remove b.pdf' })).toBeFocused()
    expect((await request.get(before.documents[0].url)).status()).toBe(200)
    await I.add('Supporting documents', file('c.pdf', 'c'))
    await expect(I.rows('Supporting documents').nth(1)).toHaveAttribute('data-state', 'done')
    expect(await I.submit()).toBe(id)
    const after = (await (await request.get(`/api/answers/${id}`)).json()).answers
    expect(after.about).toBe('I like files.')
    expect(after.documents.map((each: { name: string }) => each.name)).toEqual(['b.pdf', 'c.pdf'])
    expect((await request.get(before.documents[0].url)).status()).toBe(404)
    expect(after.documents[0].id).toBe(before.documents[1].id)
    expect(after.photo[0].id).toBe(before.photo[0].id)
    I.sawNoConsoleMessage()
  })

  test('what is handed in lies where nothing is deleted by itself, also what is added by a change', async ({
    page,
    request,
  }) => {
    const I = new Applicant(page)
    await I.openTheForm()
    await I.add('ID photo', photo)
    await I.add('Supporting documents', file('a.pdf', 'a'))
    const id = await I.submit()
    await page.getByRole('link', { name: 'Change application' }).click()
    await I.add('Supporting documents', file('b.pdf', 'b'))
    await expect(I.rows('Supporting documents').nth(1)).toHaveAttribute('data-state', 'done')
    await I.submit()
    const { photo: face, documents } = (await (await request.get(`/api/answers/${id}`)).json()).answers
    expect(documents).toHaveLength(2)
    for (const { url } of [...face, ...documents]) expect(new URL(url).pathname).toMatch(/^\/demo\/demo-answers\//)
    expect(await (await request.get(documents[1].url)).text()).toBe('b')
  })

  test('an id is claimed by one answer only', async ({ page, request }) => {
    const I = new Applicant(page)
    await I.openTheForm()
    await I.add('ID photo', photo)
    await I.see('ID photo', ['face.jpg'], 'done')
    const ids = await I.ids('ID photo')
    await I.submit()
    const again = await page.evaluate(
      async (photo) =>
        (
          await fetch('/api/answers', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ photo }),
          })
        ).status,
      ids,
    )
    expect(again).toBe(409)
    // Another person's id is not theirs to hand in.
    expect((await request.post('/api/answers', { data: { photo: ids } })).status()).toBe(422)
  })

  test('a required question holds the form, says why, and is content with a file', async ({ page }) => {
    const I = new Applicant(page)
    await I.openTheForm()
    await page.getByRole('button', { name: 'Submit application' }).click()
    await expect(I.question('ID photo')).toHaveAttribute('aria-invalid', 'true')
    await expect(I.question('ID photo').getByText('Attach at least 1 file.')).toBeVisible()
    await expect(page.getByRole('button', { name: /Choose a file ID photo/ })).toBeFocused()
    await I.add('ID photo', photo)
    await expect(I.question('ID photo')).not.toHaveAttribute('aria-invalid')
  })

  test('a video goes in parts and comes back whole', async ({ page, request }) => {
    const I = new Applicant(page)
    await I.openTheForm()
    const bytes = Buffer.alloc(40 * 1024 * 1024)
    for (let index = 0; index < bytes.length; index += 4096) bytes.writeUInt32LE(index, index)
    let parts = 0
    page.on('request', (sent) => {
      if (/partNumber=\d+/.test(sent.url()) && sent.method() === 'PUT') parts += 1
    })
    await I.add('ID photo', photo)
    await I.add('Introduction video', { name: '자기소개.mp4', mimeType: 'video/mp4', buffer: bytes })
    await I.see('Introduction video', ['자기소개.mp4'], 'done')
    expect(parts).toBeGreaterThanOrEqual(5)
    const id = await I.submit()
    const { answers } = await (await request.get(`/api/answers/${id}`)).json()
    expect((await (await request.get(answers.video[0].url)).body()).equals(bytes)).toBe(true)
  })

  test('200 small files are all stored, in natural order of their names, with two calls for grants', async ({
    page,
  }) => {
    const I = new Applicant(page)
    await page.goto('/many?lang=en')
    let calls = 0
    page.on('request', (sent) => {
      if (sent.url().endsWith('/api/uploads') && sent.postData()?.includes('"presign"')) calls += 1
    })
    const names = Array.from({ length: 200 }, (_, index) => `scan ${index + 1}.pdf`)
    await I.add(
      'Many files',
      names.map((name) => file(name, name)),
    )
    await I.see('Many files', names, 'done')
    expect(new Set(await I.ids('Many files')).size).toBe(200)
    expect(calls).toBeLessThanOrEqual(3)
    await expect(I.question('Many files').getByRole('status')).toContainText('All 200 files uploaded.')
    I.sawNoConsoleMessage()
  })

  test('a failed upload says why, holds the form, and goes on with a retry', async ({ page }) => {
    const I = new Applicant(page)
    await I.openTheForm()
    await page.route(/\/demo(\/|$)/, (route) =>
      route.fulfill({
        status: 403,
        headers: { 'access-control-allow-origin': '*' },
        contentType: 'application/xml',
        body: '<Error><Code>AccessDenied</Code></Error>',
      }),
    )
    await I.add('ID photo', photo)
    await I.see('ID photo', ['face.jpg'], 'failed')
    await expect(I.rows('ID photo').first()).toContainText('You are not allowed to upload here.')
    await page.getByRole('button', { name: 'Submit application' }).click()
    await expect(I.question('ID photo').getByText('1 file was not uploaded. Try again or remove it.')).toBeVisible()
    await page.unroute(/\/demo(\/|$)/)
    await page.getByRole('button', { name: 'Try again face.jpg' }).click()
    await I.see('ID photo', ['face.jpg'], 'done')
    await expect(page.getByRole('button', { name: 'Remove face.jpg' })).toBeFocused()
  })

  test('is in every language of the library, by the address or as the browser asks', async ({ browser, page }) => {
    const triggers = {
      en: 'Choose files',
      ko: '파일 선택',
      ja: 'ファイルを選択',
      'zh-Hans': '选择文件',
      es: 'Elegir archivos',
      fr: 'Choisir des fichiers',
      de: 'Dateien auswählen',
    }
    await page.goto('/?lang=en')
    for (const [lang, words] of Object.entries(triggers)) {
      await page.locator(`nav a[lang="${lang}"]`).click()
      await expect(page.locator('html')).toHaveAttribute('lang', lang)
      await expect(page.locator('nav [aria-current]')).toHaveAttribute('lang', lang)
      await expect(page.getByRole('button', { name: words }).first()).toBeVisible()
    }
    const french = await browser.newContext({ locale: 'fr-CA' })
    const other = await french.newPage()
    await other.goto(`${process.env.DEMO_URL}/`)
    await expect(other.getByRole('heading', { name: 'Candidature' })).toBeVisible()
    await french.close()
  })
})
