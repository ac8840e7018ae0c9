import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { layGiven } from './lay-given.ts'
import type { Program } from './record/program/learner-program.ts'
import { startProgram } from './record/program/learner-program.ts'
import { takeSnapshot, writeSnapshot } from './record/program/snapshot/snapshot.ts'
import { createClock } from './record/timing/clock.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'roundtrip-lay-given-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))

type Files = Readonly<Record<string, string>>
let folders = 0

function write(files: Files): string {
  const dir = join(root, String(++folders))
  mkdirSync(dir)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  return dir
}

const exerciseWith = (given: Files, files: readonly [string] = ['words.ts']) => {
  const dir = write(Object.fromEntries(Object.entries(given).map(([n, t]) => [`given/${n}`, t])))
  const entry = 'server.ts' in given ? 'server.ts' : undefined
  return { id: 'x', dir, files, given: Object.keys(given), ...(entry && { entry }) }
}
const filesIn = (dir: string, entry = 'words.ts') =>
  ({ kind: 'files', dir, entry, label: entry }) as const

/** What the program answers, graded with these given files. */
async function answerOf(given: Files, program: Program, kept: Files = {}): Promise<string> {
  const laid = layGiven(exerciseWith(given), program)
  if (!('entry' in laid.program)) throw new Error('a command has no snapshot')
  const bytes = Object.entries(kept).map(([path, text]) => ({ path, content: Buffer.from(text) }))
  const snapshot = writeSnapshot(takeSnapshot(laid.program, bytes, laid.modules))
  const { signal } = new AbortController()
  try {
    const { port, end } = await startProgram(laid.program, {
      clock: createClock(),
      signal,
      snapshot,
    })
    return await fetch(`http://127.0.0.1:${port}`)
      .then((answer) => answer.text())
      .finally(end)
  } finally {
    snapshot.remove()
    laid.remove()
  }
}

const answers = (expression: string) =>
  `createServer((_, response) => response.end(String(${expression}))).listen(Number(process.env.PORT), '127.0.0.1')\n`
const HTTP = "import { createServer } from 'node:http'\n"
const server = `${HTTP}import { mine } from './words.ts'\nimport { given } from './lib/given.ts'\n${answers('mine + given + import.meta.dirname')}`
const given = { 'server.ts': server, 'lib/given.ts': "export const given = ' given '" }
const words = { 'words.ts': "export const mine = 'mine'" }

test('a program with given modules is run in its own folder, whether it has them or not', async () => {
  const without = write(words)
  expect(await answerOf(given, filesIn(without))).toBe(`mine given ${without}`)
  const changed = write({ ...words, 'server.ts': '', 'lib/given.ts': "export const given = ''" })
  expect(await answerOf(given, filesIn(changed))).toBe(`mine given ${changed}`)
})

test('given modules take the place of those that were kept', async () => {
  const kept = { 'lib/given.ts': "export const given = 'kept'" }
  const dir = write(words)
  expect(await answerOf(given, filesIn(dir), kept)).toBe(`mine given ${dir}`)
})

test('a learner’s link of a given name leads elsewhere, and stays what it is', async () => {
  const dir = write({ ...words, 'theirs/given.ts': "export const given = ' theirs '" })
  symlinkSync('theirs', join(dir, 'lib'))
  expect(await answerOf(given, filesIn(dir))).toBe(`mine given ${dir}`)
})

test('a program of one file with another name takes the place of the exercise’s', async () => {
  const dir = write({ 'other.ts': "export const mine = 'other'", ...words })
  expect(await answerOf(given, filesIn(dir, 'other.ts'))).toBe(`other given ${dir}`)
})

test('require() finds a given module without its ending', async () => {
  const program = `const { createServer } = require('node:http')\nconst { given } = require('./given')\n${answers('given')}`
  const main = { 'words.ts': program }
  expect(await answerOf({ 'given.js': "exports.given = 'given'" }, filesIn(write(main)))).toBe(
    'given',
  )
})

test('where data is given the program is copied, and nothing is written where its links lead', () => {
  const dir = write({ ...words, 'theirs/data.txt': 'theirs', 'theirs/more.txt': 'more' })
  symlinkSync('theirs', join(dir, 'lib'))
  const { program, notes, remove } = layGiven(
    exerciseWith({ 'lib/data.txt': 'given' }),
    filesIn(dir),
  )
  if (program.kind !== 'files') throw new Error(program.kind)
  const inCopy = (name: string) => readFileSync(join(program.dir, name), 'utf8')
  expect(['lib/data.txt', 'lib/more.txt'].map(inCopy)).toEqual(['given', 'more'])
  expect(readFileSync(join(dir, 'theirs/data.txt'), 'utf8')).toBe('theirs')
  expect(notes).toEqual([
    "lib/data.txt is given, so your change to it does not count: the exercise's own is used.",
  ])
  remove()
})
