/** Check 23: a form that is sent without what it needs. */
import { expect, test } from './field.js'

test('23. a submit without a required file is told at the field, without a bubble, and goes once there is one', async ({
  field,
  page,
}) => {
  await field.open({ around: 'form', props: { required: true } })
  await page.evaluate(() => {
    const state = window as unknown as { bubble: boolean }
    document.addEventListener(
      'invalid',
      (event) =>
        queueMicrotask(() => {
          state.bubble = !event.defaultPrevented
        }),
      true,
    )
  })
  const send = page.getByRole('button', { name: 'Send' })
  await send.click()
  await field.pass(100)
  const error = field.root.locator('[data-part=error]')
  await expect(error).toHaveText('Error: Attach at least 1 file.')
  await expect(field.root).toHaveAttribute('aria-invalid', 'true')
  await expect(field.trigger).toHaveAttribute('aria-invalid', 'true')
  const described = (await field.trigger.getAttribute('aria-describedby'))?.split(' ')
  expect(described).toContain(await error.getAttribute('id'))
  await expect(field.trigger).toBeFocused()
  expect(await page.evaluate(() => (window as unknown as { bubble: boolean }).bubble)).toBe(false)
  await expect(page.getByRole('status', { name: 'Sent' })).toHaveCount(0)

  await field.add('a.pdf')
  await expect(error).toHaveCount(0)
  await send.click()
  await expect(page.getByRole('status', { name: 'Sent' })).toHaveText('file-1')
})
