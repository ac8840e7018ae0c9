import { execFile } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takeSnapshot, writeSnapshot } from './snapshot.ts'

const loader = join(import.meta.dirname, 'load-from-snapshot.mjs')

let root: string
beforeAll(() => void (root = realpathSync(mkdtempSync(join(tmpdir(), 'roundtrip-stripped-')))))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** What Node prints of a program, and the code it exits with. */
function outcome(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
        ...args,
      ],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr: withoutNodesFrames(stderr) }),
    )
  })
}

/** Which of its own functions Node was in depends on who loads a module. */
function withoutNodesFrames(text: string): string {
  return text
    .replace(/^node:internal.*\n.*\n +\^\n\n?/, '')
    .replaceAll(/^ +at .*(node:|load-from-snapshot).*\n/gm, '')
    .replaceAll(/ \{\n/g, '\n')
}

async function bothWays(name: string, files: Readonly<Record<string, string>>) {
  const dir = mkdtempSync(join(root, name.replaceAll(/\W/g, '-')))
  const all = { 'package.json': '{ "type": "module" }', ...files }
  for (const [path, text] of Object.entries(all)) writeFileSync(join(dir, path), text)
  const entry = join(dir, 'a.ts')
  const snapshot = writeSnapshot(takeSnapshot({ dir, entry: 'a.ts', kind: 'files' }))
  try {
    const alone = await outcome([entry])
    return { alone, graded: await outcome(['--import', loader, entry], snapshot.environment) }
  } finally {
    snapshot.remove()
  }
}

const LIB = `export type Text = string
export function fail<Value>(value: Value): never {
  const text: Text = 'é'; throw new TypeError(\`no \${value} \${text}\`)
}
`
const UNTOLD = { 'package.json': '{}' }
const FAILS = "import { fail } from './lib.ts'\n"

describe.concurrent('a graded program does and prints what Node does with its types', () => {
  test.for<[string, Record<string, string>]>([
    ['values', { 'a.ts': 'const a: number = 1\nconsole.log(a, import.meta.url)\n' }],
    ['a byte order mark', { 'a.ts': '\u{FEFF}const a: number = 1\nconsole.log(a); a.b()\n' }],
    ['no ASCII', { 'a.ts': 'const é: string = "😀"; const b: any = null; b.b(é)\n' }],
    ['line ends of Windows', { 'a.ts': 'const a: any = null\r\n\r\n  a.b()\r\n' }],
    ['an error in itself', { 'a.ts': '\n  const a: any = null; a.b()\n' }],
    ['an error in a module', { 'a.ts': `${FAILS}fail<number>(1)\n`, 'lib.ts': LIB }],
    [
      'an error that is printed',
      {
        'a.ts': `${FAILS}try { fail(1 as number) } catch (error) { console.log(error) }\n`,
        'lib.ts': LIB,
      },
    ],
    ['a promise', { 'a.ts': 'const a: Error = new Error("late")\nvoid Promise.reject(a)\n' }],
    ['JavaScript that is wrong', { 'a.ts': 'const a: number = 1\nconst b = ;\n' }],
    ['a block that is not closed', { 'a.ts': 'function a(): void {\n' }],
    ['an enum', { 'a.ts': 'enum Colour { Red }\nconsole.log(Colour.Red)\n' }],
    ['an enum in a module', { 'a.ts': "import './lib.ts'\n", 'lib.ts': 'enum Colour { Red }\n' }],
    [
      'a type that is imported',
      { 'a.ts': "import { Text } from './lib.ts'\nconst a: Text = ''\n", 'lib.ts': LIB },
    ],
    [
      'a name that is missing',
      { 'a.ts': "import { none } from './lib.ts'\nnone()\n", 'lib.ts': LIB },
    ],
    ['a module that is missing', { 'a.ts': "import { a } from './none.ts'\na()\n" }],
    ['a name declared twice', { 'a.ts': 'const a: number = 1\nconst a: number = 2\n' }],
    ['await outside', { 'a.ts': 'function a(): void { await 1 }\n' }],
    [
      'a name of its own for stack traces',
      { 'a.ts': 'const a: number = 1\nthrow new Error("x")\n//# sourceURL=other.ts\n' },
    ],
    [
      'CommonJS by its name',
      {
        'a.ts': "import b from './b.cts'\nconsole.log(b)\n",
        'b.cts': 'module.exports = 1 as number\n',
      },
    ],
    [
      'CommonJS by its package.json',
      {
        'a.ts': 'const a: number = 1\nconsole.log(a, typeof module)\n',
        'package.json': '{ "type": "commonjs" }',
      },
    ],
    ['no package.json that says it', { ...UNTOLD, 'a.ts': 'export const a: any = 1\na.b()\n' }],
    [
      'none, and CommonJS',
      {
        ...UNTOLD,
        'a.ts': 'const a: any = require("./b.ts")\na.b()\n',
        'b.ts': 'exports.c = 1 as number\n',
      },
    ],
    [
      'none, and only types to import',
      {
        ...UNTOLD,
        'a.ts':
          "import type { B } from './b.ts'\nconst a: any = 1\nconsole.log(typeof module); a.b()\n",
      },
    ],
    ['none, and await', { ...UNTOLD, 'a.ts': 'const a: any = await 1\na.b()\n' }],
    ['none, and JavaScript that is wrong', { ...UNTOLD, 'a.ts': 'const a: number = ;\n' }],
    [
      'a worker',
      {
        'a.ts':
          "import { Worker } from 'node:worker_threads'\nnew Worker(new URL('./w.ts', import.meta.url))\n",
        'w.ts': 'const a: number = 1\nconsole.log(a); throw new Error("w")\n',
      },
    ],
  ])('%s', async ([name, files]) => {
    const { alone, graded } = await bothWays(name, files)
    expect(graded).toEqual(alone)
  })
})

test.for(['{ "type": "module" }', '{}'])(
  'what strips types is not loaded again by a graded program whose package.json is %s',
  async (told) => {
    const loaded = 'process.moduleLoadList.some((name: string) => name.includes("amaro"))'
    const { alone, graded } = await bothWays('loaded', {
      'package.json': told,
      'a.ts': `${FAILS}console.log(${loaded}, typeof fail)\n`,
      'lib.ts': LIB,
    })
    expect([alone.stdout, graded.stdout]).toEqual(['true function\n', 'false function\n'])
  },
)
