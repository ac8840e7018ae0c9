import { check, hasStatus, matching, rule, table } from '#grader'
import { burst, BUSY_KEYS, seconds } from './scenarios.ts'
import { steady } from './time-checks.ts'

export const remembers = check('A key without tokens is remembered, however many come', burst, {
  after: steady,
  reread: 'rate',

  verify: ({ redInTheEnd, stats, keys, used, mostUsed }, expect) => {
    expect(redInTheEnd).toHaveStatus(429)
    expect(stats).toHaveStatus(200).toHaveJson(matching('an object with a number `keys`', hasKeys))
    expect(keys, 'the keys that /stats counts', counted(keys)).toBe(
      matching(String(used), (count) => count !== undefined && count >= used && count <= mostUsed),
    )
  },

  diagnose: {
    'forgets-early': rule({
      when: ({ redInTheEnd }) => hasStatus(201)(redInTheEnd) && redInTheEnd,
      say:
        'This key had no tokens. Then a hundred other keys came, and now it was served at once. So a ' +
        'client gets around its limit by inventing keys. Forget a key only when its bucket is full.',
    }),
    'counts-otherwise': rule({
      when: ({ keys, used, mostUsed }) => keys !== undefined && (keys < used || keys > mostUsed),
      say: (_, { keys, used }) =>
        `Tokens are missing in the buckets of ${used} keys, and /stats says ${keys}. It has to say how ` +
        'many keys are in memory, so that you see there whether they are forgotten.',
    }),
  },
})

export const forgets = check('Idle keys disappear from memory', seconds, {
  after: remembers,
  reread: 'rate',

  verify: ({ stats, keys }, expect) => {
    expect(stats).toHaveStatus(200).toHaveJson(matching('an object with a number `keys`', hasKeys))
    expect(keys, 'the keys that /stats counts in the end', counted(keys)).toBe(
      matching(`at most ${BUSY_KEYS}`, (count) => count !== undefined && count <= BUSY_KEYS),
    )
  },

  diagnose: {
    'grows-forever': rule({
      when: ({ keys }) => keys !== undefined && keys > BUSY_KEYS,
      say: (_, { keys, rules }) =>
        `After ${rules.limit * rules.interval} ms of silence a bucket is full again, and much later /stats still ` +
        `counts ${keys} keys. Anybody can invent keys, and a million of them fill your memory.`,
    }),
  },
})

// Not the answer itself: without the requests before it, nobody can see that again.
const counted = (keys: number | undefined) =>
  table('GET /stats', ['keys'], [[String(keys ?? 'no number')]])

const hasKeys = (content: { keys?: unknown } | null) => typeof content?.keys === 'number'
