// What random schedules found once, word for word: they go first, and every time.
import { describe, test } from 'vitest'
import type { Reply } from './replies.js'
import { plain } from './explore.js'
import { ModelWorld } from './modelWorld.js'
import type { Setting, Step } from './steps.js'

const add = (...sizes: number[]): Step => ({ do: 'add', sizes })
const call = (reply: Reply): Step => ({ do: 'answerCall', pick: 0, reply })
const wait = (ms: number): Step => ({ do: 'wait', ms })

describe('a schedule that once went wrong', () => {
  test.each<[string, Partial<Setting>, Step[]]>([
    [
      'a grant came in the turn in which another call was denied, and was handed back by nobody',
      { leaves: true },
      [add(1), add(1), call('denied'), call('good'), call('good'), wait(1), { do: 'spell', reply: 'good', ms: 50 }],
    ],
    [
      'only a renewal waited for the end of a rest, and was never tried',
      { renewsIds: false, bare: true },
      [add(1, 1), call('good'), { do: 'spell', reply: 'lost', ms: 50 }, { do: 'remove', pick: 3 }],
    ],
    [
      'a second call for grants was asked for time, and its file failed at once',
      {},
      [add(1), wait(700), call('senseless'), call('throttled'), { do: 'pause', pick: 0 }, wait(700)],
    ],
    [
      'a part’s connection was asked back in the moment in which it came, and its file failed',
      { patience: 2, scans: true, renewsIds: false },
      [
        add(5, 1),
        wait(1),
        { do: 'pause', pick: 0 },
        { do: 'goOnline' },
        add(9, 7, 1),
        wait(1),
        { do: 'pause', pick: 0 },
        { do: 'resumeAll' },
        { do: 'spell', reply: 'throttled', ms: 10_000 },
      ],
    ],
  ])('%s', async (_, setting, steps) => {
    await new ModelWorld({ ...plain, seed: 0, ...setting }).run(steps.map((step) => ({ of: 0, step })))
  })
})
