import { expect, test } from 'vitest'
import { createPool, type Expected } from './pool.ts'

/** Tasks by name that run until they are ended. */
function tasks(pool: ReturnType<typeof createPool>) {
  const started: string[] = []
  const running = new Map<string, (error?: Error) => void>()
  const add = (name: string, seconds: number, waits = false, alone = false) => {
    const expected: Expected = { seconds, waits, alone }
    return pool(expected, () => {
      started.push(name)
      return new Promise<string>((resolve, reject) =>
        running.set(name, (error) => (error ? reject(error) : resolve(name))),
      )
    })
  }
  const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  return {
    add,
    started,
    settled,
    async end(name: string, error?: Error) {
      running.get(name)!(error)
      await settled()
    },
  }
}

test('the longest goes first, and no more run at once than there are slots', async () => {
  const { add, started, settled, end } = tasks(createPool({ working: 2, waiting: 1 }))
  for (const [name, seconds] of Object.entries({ a: 1, b: 5, c: 3, d: 4 })) void add(name, seconds)
  await settled()
  expect(started).toEqual(['b', 'd'])
  await end('d')
  expect(started).toEqual(['b', 'd', 'c'])
})

test('what only waits has slots of its own, and takes free ones', async () => {
  const { add, started, settled, end } = tasks(createPool({ working: 1, waiting: 1 }))
  void add('works', 1)
  void add('waits', 9, true)
  void add('waits longest', 18, true)
  await settled()
  expect(started).toEqual(['waits longest', 'works'])
  await end('works')
  expect(started).toEqual(['waits longest', 'works', 'waits'])
})

test('what wants to be alone comes after all others, and nothing beside it', async () => {
  const { add, started, settled, end } = tasks(createPool({ working: 2, waiting: 1 }))
  void add('alone', 9, true, true)
  void add('alone, too', 8, true, true)
  void add('works', 1)
  void add('waits', 5, true)
  await settled()
  expect(started).toEqual(['waits', 'works'])
  await end('works')
  expect(started).toEqual(['waits', 'works'])
  await end('waits')
  expect(started).toEqual(['waits', 'works', 'alone'])
  void add('late', 1)
  await settled()
  expect(started).toHaveLength(3)
  await end('alone')
  expect(started).toEqual(['waits', 'works', 'alone', 'late'])
  await end('late')
  expect(started.at(-1)).toBe('alone, too')
})

test('a task gives what it gave, and one that fails makes room for the next', async () => {
  const { add, settled, end, started } = tasks(createPool({ working: 1, waiting: 1 }))
  const first = add('first', 2)
  const second = add('second', 1)
  await settled()
  const failed = expect(first).rejects.toThrow('no')
  await end('first', new Error('no'))
  await failed
  expect(started).toEqual(['first', 'second'])
  await end('second')
  expect(await second).toBe('second')
})
