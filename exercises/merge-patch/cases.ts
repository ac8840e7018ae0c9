import type { Kit } from '#grader'

/** A start document, a patch, and what has to come of them. */
export interface Case {
  readonly name: string
  readonly start: unknown
  readonly patch: unknown
  readonly right: unknown
}

/** RFC 7396, Appendix A, in its order. */
export const table: readonly Case[] = [
  row({ a: 'b' }, { a: 'c' }, { a: 'c' }),
  row({ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }),
  row({ a: 'b' }, { a: null }, {}),
  row({ a: 'b', b: 'c' }, { a: null }, { b: 'c' }),
  row({ a: ['b'] }, { a: 'c' }, { a: 'c' }),
  row({ a: 'c' }, { a: ['b'] }, { a: ['b'] }),
  row({ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }),
  row({ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }),
  row(['a', 'b'], ['c', 'd'], ['c', 'd']),
  row({ a: 'b' }, ['c'], ['c']),
  row({ a: 'foo' }, null, null),
  row({ a: 'foo' }, 'bar', 'bar'),
  row({ e: null }, { a: 1 }, { e: null, a: 1 }),
  row([1, 2], { a: 'b', c: null }, { a: 'b' }),
  row({}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }),
]

function row(start: unknown, patch: unknown, right: unknown): Case {
  return { name: `${JSON.stringify(patch)} on ${JSON.stringify(start)}`, start, patch, right }
}

/** Members that change or are added, all on the first level. */
export function drawChanges({ random }: Kit): Case[] {
  const [theme, dark, font, added] = words(random, 4)
  const start = { theme, font, volume: random.integer(1, 50) }
  const change = { theme: dark }
  const addition = { volume: 60, [added]: { size: random.integer(1, 9) } }
  return [
    { name: 'a text is changed', start, patch: change, right: { ...start, ...change } },
    { name: 'a member is added', start, patch: addition, right: { ...start, ...addition } },
    { name: 'the patch is {}', start, patch: {}, right: start },
  ]
}

/** Objects within objects. */
export function drawObjects({ random }: Kit): Case[] {
  const [a, b, c, d, e, f, family] = words(random, 7)
  const [width, wide, height] = [random.integer(1, 99), random.integer(100, 199), random.token(4)]
  return [
    {
      name: 'a member of an object',
      start: { window: { width, height }, [f]: e },
      patch: { window: { width: wide } },
      right: { window: { width: wide, height }, [f]: e },
    },
    {
      name: 'a member four levels deep',
      start: { [a]: { [b]: { [c]: { width, height }, [d]: d }, [e]: [e] } },
      patch: { [a]: { [b]: { [c]: { width: wide } } } },
      right: { [a]: { [b]: { [c]: { width: wide, height }, [d]: d }, [e]: [e] } },
    },
    {
      name: 'an object in place of a text',
      start: { font: f, width },
      patch: { font: { family } },
      right: { font: { family }, width },
    },
    {
      name: 'a text in place of an object',
      start: { font: { family }, width },
      patch: { font: f },
      right: { font: f, width },
    },
  ]
}

/** Null, and what is like it to a careless reader. */
export function drawNulls({ random }: Kit): Case[] {
  const [a, b, c, d, e] = words(random, 5)
  const count = random.integer(2, 99)
  return [
    {
      name: 'null for a member',
      start: { [a]: b, [c]: count },
      patch: { [a]: null },
      right: { [c]: count },
    },
    {
      name: 'null three levels deep',
      start: { [a]: { [b]: { [c]: count, [d]: e } } },
      patch: { [a]: { [b]: { [c]: null } } },
      right: { [a]: { [b]: { [d]: e } } },
    },
    {
      name: 'null for an object',
      start: { [a]: { [b]: { [c]: count } }, [d]: e },
      patch: { [a]: null },
      right: { [d]: e },
    },
    {
      name: 'null for what is not there',
      start: { [a]: b },
      patch: { [c]: null, [d]: { [e]: null } },
      right: { [a]: b, [d]: {} },
    },
    {
      name: 'null in a new object',
      start: { [a]: b },
      patch: { [c]: { [d]: null, [e]: count } },
      right: { [a]: b, [c]: { [e]: count } },
    },
    {
      name: 'false, 0 and an empty text',
      start: { [a]: true, [b]: count, [c]: d },
      patch: { [a]: false, [b]: 0, [c]: '' },
      right: { [a]: false, [b]: 0, [c]: '' },
    },
    {
      name: 'a null that was there before',
      start: { [a]: null, [b]: { [c]: null, [d]: e } },
      patch: { [b]: { [d]: count } },
      right: { [a]: null, [b]: { [c]: null, [d]: count } },
    },
  ]
}

export function drawLists({ random }: Kit): Case[] {
  const [a, b, c, d, e] = words(random, 5)
  const count = random.integer(2, 99)
  return [
    {
      name: 'a shorter list',
      start: { [a]: { tags: [b, c, d] } },
      patch: { [a]: { tags: [e] } },
      right: { [a]: { tags: [e] } },
    },
    {
      name: 'a list of objects',
      start: { users: [{ id: 1, name: a }, { id: 2 }], [b]: c },
      patch: { users: [{ id: 1, role: d }] },
      right: { users: [{ id: 1, role: d }], [b]: c },
    },
    {
      name: 'nulls in a list',
      start: { [a]: [b] },
      patch: { [a]: [count, null, { [c]: null }] },
      right: { [a]: [count, null, { [c]: null }] },
    },
    {
      name: 'an object in place of a list',
      start: { [a]: [b, c] },
      patch: { [a]: { [d]: e } },
      right: { [a]: { [d]: e } },
    },
    {
      name: 'a list in place of an object',
      start: { [a]: { [b]: c } },
      patch: { [a]: [d] },
      right: { [a]: [d] },
    },
  ]
}

/** Patches that replace the whole document, and documents that aren't objects. */
export function drawWholes({ random }: Kit): Case[] {
  const [a, b, c] = words(random, 3)
  const count = random.integer(2, 99)
  return [
    row({ [a]: b }, [c, { [a]: null }], [c, { [a]: null }]),
    row({ [a]: b }, count, count),
    row({ [a]: b }, false, false),
    row(a, { [b]: c }, { [b]: c }),
    row(null, { [a]: { [b]: count } }, { [a]: { [b]: count } }),
  ]
}

type Words<Count extends number, Drawn extends string[] = []> = Drawn['length'] extends Count
  ? Drawn
  : Words<Count, [...Drawn, string]>

/** So many words, no two of them alike. */
export function words<Count extends number>(random: Kit['random'], count: Count): Words<Count> {
  const drawn = new Set<string>()
  while (drawn.size < count) drawn.add(random.word())
  return [...drawn] as Words<Count>
}
