// A thousand files while a fifth of all requests fail at random. A file's fate follows from the seed, its name and how
// often it was tried, not from its random key, so that a run can be had again: FAF_SEED.
import { expect, test } from 'vitest'
import type { GrantedFile } from '../../src/server.js'
import type { Fault } from '../../src/testing/storage/index.js'
import { aFile, type Asked, HttpWorld, partSize } from './httpWorld.js'

const seed = Number(process.env.FAF_SEED ?? 20_261)
const many = 1_000
const share = 0.2
const faults: readonly Fault[] = [{ status: 503, code: 'SlowDown' }, 'reset', 'lose-answer', { status: 500 }]

/** 0 ≤ x < 1, from a text (FNV-1a, then mixed). */
function chance(text: string): number {
  let hash = 2_166_136_261
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

function chaos() {
  const tries = new Map<string, number>()
  const count = { asked: 0, failed: 0 }
  const faulty: Asked['kind'][] = ['presign', 'presign-parts', 'list-parts', 'complete', 'PUT', 'POST', 'part']
  const fate = ({ kind, what, partNumber }: Asked): Fault | undefined => {
    if (!faulty.includes(kind)) return undefined
    const request = `${kind} ${what} ${partNumber}`
    const nth = tries.get(request) ?? 0
    tries.set(request, nth + 1)
    count.asked += 1
    if (chance(`${seed} ${request} ${nth}`) >= share) return undefined
    count.failed += 1
    return faults[Math.floor(chance(`${seed} ${nth} ${request}`) * faults.length)]
  }
  return { fate, count }
}

test(`F47 ${many} files, a fifth of all requests fail: all stored once (seed ${seed})`, {
  timeout: 120_000,
}, async () => {
  // Ids are keys, and a key tells which file it is.
  const granted = new Map<string, GrantedFile>()
  const world = await HttpWorld.open({
    methods: ['PUT', 'MULTIPART'],
    objectFor: ({ file }) => ({ prefix: `uploads/${file.name.replace('.', '-')}/` }),
    issueId: (file) => {
      granted.set(file.key, file)
      return file.key
    },
    readId: (id) => granted.get(id) ?? null,
  })
  const { fate, count } = chaos()
  // Which files a call for grants is for is a matter of time.
  const named = ({ kind, what }: Asked) => (kind === 'presign' ? '' : what.replace(/^(uploads\/[\w-]+)\/.*$/, '$1'))
  world.faults = (asked) => fate({ ...asked, what: named(asked) })
  const files = Array.from({ length: many }, (_, index) =>
    aFile(`${index}.pdf`, index % 333 === 0 ? 2 * partSize + index : 500 + index),
  )
  const answer = world.answer()
  answer.add(files)
  await world.isExact(answer, files)
  expect(count.failed / count.asked).toBeGreaterThan(share / 2)
  console.info(`chaos: seed ${seed}, ${count.failed} of ${count.asked} requests failed`)
})
