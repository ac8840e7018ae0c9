import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { smallCourse, smallLesson } from '../../testing/sample-course.ts'
import type { Exercise } from '../../course/types.ts'
import type { Sources } from './source-files.ts'
import { watchFiles, type FileWatch } from './watch-files.ts'

let root: string
let dir: string
let exercise: Exercise
let watch: FileWatch
let settled: Sources[]
let said: string[]
const at = (name: string) => join(dir, name)
const start = (poll: boolean) => {
  watch = watchFiles({
    exercise,
    dir,
    poll,
    onSettled: (sources) => settled.push(sources),
    tell: (sentence) => said.push(sentence),
  })
  return pause(poll ? 350 : 100)
}
const contents = () =>
  settled.map(({ files }) => files.map(({ content }) => Buffer.from(content).toString()).join())

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rt-watch-'))
  dir = join(root, 'work')
  mkdirSync(dir)
  writeFileSync(at('server.ts'), 'first')
  const [found] = smallCourse([smallLesson('one', ['one-a'])]).sections[0]!.lessons[0]!.exercises
  mkdirSync(join(root, 'exercise'))
  exercise = { ...found!, dir: join(root, 'exercise') }
  settled = []
  said = []
})
afterEach(() => {
  watch.close()
  rmSync(root, { recursive: true, force: true })
})

describe.each([
  ['events', false],
  ['polling', true],
] as const)('by %s', (_how, poll) => {
  beforeEach(() => start(poll))

  test('a file written in place is told once, with what it holds', async () => {
    writeFileSync(at('server.ts'), 'second')
    await until(() => settled.length > 0)
    await pause(300)
    expect(contents()).toEqual(['second'])
  })

  test('a file that is replaced by another is told each time', async () => {
    for (const text of ['second', 'third', 'fourth']) {
      writeFileSync(at('.server.ts.swp'), text)
      renameSync(at('.server.ts.swp'), at('server.ts'))
      await until(() => contents().at(-1) === text)
    }
    expect(contents()).toEqual(['second', 'third', 'fourth'])
  })

  test('an empty file is waited for', async () => {
    truncateSync(at('server.ts'))
    await pause(150)
    writeFileSync(at('server.ts'), 'second')
    await until(() => settled.length > 0)
    expect(contents()).toEqual(['second'])
  })

  test('a file that stays empty is told as it is', async () => {
    truncateSync(at('server.ts'))
    await until(() => settled.length > 0)
    expect([contents(), settled[0]!.someEmpty, settled[0]!.absent]).toEqual([[''], true, []])
  })

  test('a file that is put aside and written anew was never gone', async () => {
    renameSync(at('server.ts'), at('server.ts~'))
    await pause(150)
    writeFileSync(at('server.ts'), 'second')
    await until(() => settled.length > 0)
    expect([contents(), settled[0]!.absent]).toEqual([['second'], []])
  })

  test('a folder that goes is told, and so is the one that comes in its place, and what is written there', async () => {
    rmSync(dir, { recursive: true })
    await until(() => settled.length > 0)
    expect(settled[0]!.absent).toEqual(['server.ts is not there.'])
    mkdirSync(dir)
    writeFileSync(at('server.ts'), 'second')
    await until(() => settled.length > 1)
    writeFileSync(at('server.ts'), 'third')
    await until(() => contents().at(-1) === 'third')
    expect(said).toEqual([])
  })

  test('a module in a new folder beside it is told', async () => {
    mkdirSync(at('lib'))
    writeFileSync(at('lib/names.ts'), 'one')
    await until(() => settled.length > 0)
    const before = settled.at(-1)!.key
    await pause(1200)
    writeFileSync(at('lib/names.ts'), 'two')
    await until(() => settled.at(-1)!.key !== before)
  })

  test('the same content, saved again, is told with the same key', async () => {
    const { key } = await watch.settled()
    utimesSync(at('server.ts'), new Date(), new Date(Date.now() + 1000))
    await until(() => settled.length > 0)
    expect(settled.map((sources) => sources.key)).toEqual([key])
  })

  test('what a program writes beside its sources is nothing, however often', async () => {
    for (let line = 0; line < 60; line++) {
      appendFileSync(at('visits.log'), `${line}\n`)
      writeFileSync(at('state.json'), String(line))
      await pause(5)
    }
    expect(watch.stillFor()).toBeGreaterThan(250)
    await pause(300)
    expect(settled).toEqual([])
  })
})

test('the key changes with the checks, for the author who works on them', async () => {
  await start(false)
  const { key } = await watch.settled()
  writeFileSync(join(exercise.dir, 'checks.ts'), 'export default {}')
  await until(() => settled.length > 0)
  expect(settled[0]!.key).not.toBe(key)
})

test('a file that may not be read is told', async () => {
  rmSync(at('server.ts'))
  mkdirSync(at('server.ts'))
  await start(false)
  expect((await watch.settled()).absent).toEqual([
    'server.ts cannot be read: it is a folder, not a file.',
  ])
})

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000
  while (!condition()) {
    if (performance.now() > deadline)
      throw new Error(`not in 5 s; told: ${JSON.stringify(contents())}`)
    await pause(5)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
