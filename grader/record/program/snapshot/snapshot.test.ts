import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClock } from '../../timing/clock.ts'
import { createAdaptiveTimeout } from '../../timing/deadline.ts'
import { endWaiting } from '../start/held-programs.ts'
import { prepareProgram, startProgram, type Program } from '../learner-program.ts'
import { takeSnapshot, writeSnapshot, type WrittenSnapshot } from './snapshot.ts'

let root: string
beforeAll(() => void (root = realpathSync(mkdtempSync(join(tmpdir(), 'roundtrip-snapshot-')))))
afterAll(() => rmSync(root, { recursive: true, force: true }))
afterAll(() => endWaiting())

type Files = Readonly<Record<string, string>>
let folders = 0

function write(files: Files): string {
  const dir = join(root, String(++folders))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  return dir
}

const server = (dir: string) => ({ kind: 'files', dir, entry: 'server.ts', label: 'x' }) as const

type Graded = Exclude<Program, { kind: 'url' | 'command' }>

async function started<Result>(
  program: Graded,
  spoil: () => void,
  use: (running: Awaited<ReturnType<typeof startProgram>>) => Promise<Result>,
): Promise<Result> {
  const snapshot: WrittenSnapshot = writeSnapshot(takeSnapshot(program))
  spoil()
  const { signal } = new AbortController()
  try {
    const running = await startProgram(program, { clock: createClock(), signal, snapshot })
    return await use(running).finally(running.end)
  } finally {
    snapshot.remove()
  }
}

/** What a server answers that is started from a snapshot, after `spoil` was done to its folder. */
const answerOf = (program: Graded, spoil: () => void) =>
  started(program, spoil, async ({ port }) => (await fetch(`http://127.0.0.1:${port}/`)).text())

/** Answers with the value of an expression. */
const answers = (expression: string) =>
  `createServer((_, response) => response.end(String(${expression}))).listen(Number(process.env.PORT), '127.0.0.1')\n`
const HTTP = "import { createServer } from 'node:http'\n"

describe.concurrent('a program is started from its snapshot', () => {
  const helper = "export const word: string = 'before'\n"
  const importing = `${HTTP}import { word } from './lib/word.ts'\n${answers('word')}`
  const requiring = `const { createServer } = require('node:http')\nconst { word } = require('./lib/word.ts')\nconst typed: string = word\n${answers('typed')}`
  test.for<[string, Files]>([
    ['of modules', { 'server.ts': importing, 'lib/word.ts': helper }],
    [
      'of modules that a package.json names so',
      { 'server.ts': importing, 'lib/word.ts': helper, 'package.json': '{ "type": "module" }' },
    ],
    [
      'of CommonJS',
      { 'server.ts': requiring, 'lib/word.ts': "exports.word = 'before' as string\n" },
    ],
    [
      'of CommonJS that a package.json names so',
      {
        'server.ts': requiring,
        'lib/word.ts': "exports.word = 'before' as string\n",
        'package.json': '{ "type": "commonjs" }',
      },
    ],
    [
      'that has packages of its own, and the project’s',
      {
        'server.ts': `${HTTP}import express from 'express'\nimport { word } from 'own'\n${answers('typeof express === "function" && word')}`,
        'lib/word.ts': helper,
        'node_modules/own/package.json': '{ "type": "module", "exports": "./index.js" }',
        'node_modules/own/index.js': "export { word } from './word.js'",
        'node_modules/own/word.js': "export const word = 'before'",
      },
    ],
  ])('%s', async ([, files], { expect }) => {
    const changed = write(files)
    const spoilt = () => {
      writeFileSync(join(changed, 'server.ts'), 'throw 1')
      writeFileSync(join(changed, 'lib/word.ts'), 'throw 2')
    }
    expect(await answerOf(server(changed), spoilt)).toBe('before')
    const gone = write(files)
    const emptied = () => {
      if (files['server.ts'] !== requiring) rmSync(join(gone, 'server.ts'))
      rmSync(join(gone, 'lib/word.ts'))
    }
    expect(await answerOf(server(gone), emptied)).toBe('before')
  })

  test('whose files are links: where they lead', async () => {
    const elsewhere = write({ 'real.ts': importing, 'lib/word.ts': helper })
    const dir = write({ 'notes.txt': '' })
    symlinkSync(join(elsewhere, 'real.ts'), join(dir, 'server.ts'))
    const spoilt = () => {
      writeFileSync(join(elsewhere, 'real.ts'), 'throw 1')
      writeFileSync(join(elsewhere, 'lib/word.ts'), 'throw 2')
      rmSync(join(dir, 'server.ts'))
      symlinkSync('/nowhere', join(dir, 'server.ts'))
    }
    expect(await answerOf(server(dir), spoilt)).toBe('before')
  })

  test('and knows only its own folder', async () => {
    const dir = write({
      'server.ts': `${HTTP}import { readdirSync } from 'node:fs'\n${answers('[import.meta.url, import.meta.filename, import.meta.main, process.argv[1], process.cwd(), readdirSync("."), Object.keys(process.env).filter((name) => /ROUND/.test(name))].join(" ")')}`,
    })
    const file = join(dir, 'server.ts')
    expect(await answerOf(server(dir), () => {})).toBe(
      `file://${file} ${file} true ${file} ${dir} server.ts `,
    )
  })

  test('and writes beside it what stays, and reads data as it is', async () => {
    const dir = write({
      'server.ts': `${HTTP}import { readFileSync, writeFileSync } from 'node:fs'\nwriteFileSync('out.txt', 'kept')\n${answers('readFileSync("data.json")')}`,
      'data.json': '"before"',
    })
    expect(await answerOf(server(dir), () => writeFileSync(join(dir, 'data.json'), '"now"'))).toBe(
      '"now"',
    )
    expect(readFileSync(join(dir, 'out.txt'), 'utf8')).toBe('kept')
  })

  test('and names the line of its own file where it throws', async () => {
    const dir = write({ 'server.ts': '\n\nthrow new Error("before")\n' })
    await expect(
      answerOf(server(dir), () => writeFileSync(join(dir, 'server.ts'), '')),
    ).rejects.toThrow('server.ts line 3: Your program exited with code 1 before it listened')
  })

  test('also from a process that has waited for it', async () => {
    const dir = write({ 'server.ts': importing, 'lib/word.ts': helper })
    prepareProgram(server(dir), 1)
    writeFileSync(join(dir, 'lib/word.ts'), helper.replace('before', 'later'))
    expect(
      await answerOf(server(dir), () => writeFileSync(join(dir, 'server.ts'), 'throw 1')),
    ).toBe('later')
  })

  test('that is a client', async () => {
    const dir = write({
      'client.ts': "import { word } from './lib/word.ts'\nexport const greet = () => word",
      'lib/word.ts': helper,
    })
    const spoilt = () => {
      writeFileSync(join(dir, 'client.ts'), 'throw 1')
      writeFileSync(join(dir, 'lib/word.ts'), 'throw 2')
    }
    const program = { kind: 'client', dir, entry: 'client.ts', label: 'x' } as const
    expect(
      await started(program, spoilt, ({ call }) => call!('greet', [], createAdaptiveTimeout())),
    ).toMatchObject({ value: 'before', error: null })
  })

  test('that is for a page, with its data', async () => {
    const dir = write({
      'page.ts': "import { word } from './lib/word.ts'\n",
      'lib/word.ts': helper,
      'data.json': '"before"',
      'index.html': '',
    })
    const spoilt = () => {
      for (const name of ['page.ts', 'lib/word.ts', 'data.json'])
        writeFileSync(join(dir, name), 'after')
    }
    const html = join(dir, 'index.html')
    const program = { kind: 'page', dir, entry: 'page.ts', label: 'x', html } as const
    const served = await started(program, spoilt, ({ port }) =>
      Promise.all(
        ['/page.js', '/lib/word.ts', '/data.json'].map(async (path) =>
          (await fetch(`http://127.0.0.1:${port}${path}`)).text(),
        ),
      ),
    )
    expect(served.join('')).toMatch(/lib\/word\.ts[^]*'before'[^]*"before"/)
    expect(served.join('')).not.toContain('after')
  })
})

test('A snapshot reads ordinary files only, and what is kept before all', () => {
  const dir = write({
    'server.ts': 'on disk',
    'other.ts': '',
    'big.ts': 'x'.repeat(4.1 * 1024 ** 2),
  })
  mkdirSync(join(dir, 'folder.ts'))
  const snapshot = takeSnapshot(server(dir), [{ path: 'server.ts', content: Buffer.from('kept') }])
  expect([...snapshot.modules].map(([path, content]) => [path, String(content)])).toEqual([
    [join(dir, 'server.ts'), 'kept'],
    [join(dir, 'other.ts'), ''],
  ])
})
