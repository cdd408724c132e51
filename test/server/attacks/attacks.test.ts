// What somebody may try who has the page, its grants and its ids, as a table: on the stand-in, and on Ceph.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onCeph, openStorage, type Place } from '../harness.js'
import { Ground } from './attack.js'
import { onCalls } from './calls.js'
import { onGrants } from './grants.js'
import { onIds } from './ids.js'

const attacks = [...onIds, ...onGrants, ...onCalls].toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))
const here = attacks.filter(({ on }) => on === undefined || (on === 'ceph') === onCeph)

let place: Place
beforeAll(async () => {
  place = await openStorage()
})
afterAll(() => place.stop())

test('the table has every attack', () => {
  const ids = new Set(attacks.map(({ id }) => id))
  expect([...ids]).toEqual(Array.from({ length: 28 }, (_, at) => `A${at + 1}`))
})

test.each(here.map((attack) => [`${attack.id} ${attack.does}: ${attack.seen}`, attack] as const))(
  '%s',
  async (_, attack) => {
    await attack.run(new Ground(place))
  },
)
