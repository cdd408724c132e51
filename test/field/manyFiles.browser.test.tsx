/** Long lists: what a choice, a tick and a removal cost, counted in rows and nodes. */
import type { EntryExtraProps } from 'file-answer-field'
import { beforeEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { fileOf, KB, openPage } from './openPage.js'

beforeEach(() => page.viewport(900, 700))

/** A field that counts how often each row renders. */
async function openCounted(setting: Parameters<typeof openPage>[0] = {}) {
  const renders: string[] = []
  const EntryExtra = ({ name }: EntryExtraProps) => {
    renders.push(name)
    return null
  }
  return { field: await openPage({ components: { EntryExtra }, ...setting }), renders }
}
const names = (count: number) => Array.from({ length: count }, (_, index) => `photo-${index}.pdf`)

test('a tick renders one row and makes no nodes; the end of a file renders its row alone', async () => {
  const { field, renders } = await openCounted({
    backend: { largestBatch: 200 },
    prepare(backend) {
      backend.hold('send', 'photo-3.pdf')
      backend.progress('photo-3.pdf', 0.1)
    },
  })
  await field.add(...names(200))
  await field.clock.advance(3_000)
  expect(field.all('[data-state=done]').length).toBeGreaterThan(190)
  renders.length = 0
  const changes: MutationRecord[] = []
  const observer = new MutationObserver((records) => changes.push(...records))
  observer.observe(field.find('[data-part=list]'), { childList: true, subtree: true })
  for (const share of [0.2, 0.3, 0.4]) {
    field.backend.progress('photo-3.pdf', share)
    await field.clock.advance(100)
  }
  expect(renders).toEqual(['photo-3.pdf', 'photo-3.pdf', 'photo-3.pdf'])
  expect(changes.concat(observer.takeRecords())).toEqual([])
  observer.disconnect()
  renders.length = 0
  field.backend.release()
  await field.clock.advance(500)
  expect(new Set(renders)).toEqual(new Set(['photo-3.pdf']))
})

test('a choice of a thousand is answered with its first rows, and the others follow turn by turn', async () => {
  const { field, renders } = await openCounted({ maxFiles: 1_000, prepare: (backend) => backend.hold('presign') })
  const files = names(1_000).map((name) => fileOf(name, 20 * KB))
  field.answer.add(files)
  await new Promise((resolve) => setTimeout(resolve))
  expect(field.all('[data-part=item]').length).toBe(20)
  let most = 0
  for (let turn = 0; turn < 40; turn += 1) {
    const before = field.all('[data-part=item]').length
    await field.clock.advance(16)
    most = Math.max(most, field.all('[data-part=item]').length - before)
  }
  expect(field.all('[data-part=item]').length).toBe(1_000)
  expect(most).toBeLessThanOrEqual(100)
  // One that leaves takes its own row, and makes no other anew.
  renders.length = 0
  field.remove('photo-500.pdf').click()
  await field.clock.advance(100)
  expect(field.all('[data-part=item]').length).toBe(999)
  expect(new Set(renders).size).toBeLessThanOrEqual(2)
})
