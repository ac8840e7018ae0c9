import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StartupError } from '../../../types/errors.ts'
import { createClock } from '../../timing/clock.ts'
import { startProgram } from '../learner-program.ts'
import { explainExit } from './explain-exit.ts'
import { commonJsPackage } from './uncaught-error.ts'
import { takeSnapshot, writeSnapshot } from '../snapshot/snapshot.ts'

let root: string
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'roundtrip-explained-'))))
afterAll(() => rmSync(root, { recursive: true, force: true }))

type Files = Readonly<Record<string, string | Buffer>>
let folders = 0

function write(files: Files): string {
  const dir = join(root, String(++folders))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), content)
  }
  return dir
}

/** As a grading starts it: from a snapshot. */
function start(dir: string) {
  const program = { kind: 'files', dir, entry: 'server.ts', label: 'server.ts' } as const
  const snapshot = writeSnapshot(takeSnapshot(program))
  const { signal } = new AbortController()
  return startProgram(program, { clock: createClock(), signal, snapshot }).finally(snapshot.remove)
}

async function faultOf(dir: string): Promise<StartupError> {
  const error: unknown = await start(dir).then(
    (running) => running.end(),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StartupError)
  return error as StartupError
}

const LISTENS =
  "import { createServer } from 'node:http'\ncreateServer().listen(Number(process.env.PORT), '127.0.0.1')\n"

describe.concurrent('a program that does not start is told what helps', () => {
  test.each<[string, string, string, Files?]>([
    [
      'a type of a CommonJS package, imported as a value',
      "import express, { Request } from 'express'\nexpress()",
      "server.ts line 1: 'express' has no export called 'Request' when the program runs. A type has to be imported as one: import type { Request } from 'express'. Nothing was run.",
    ],
    [
      'a type of Node, imported as a value',
      "import { createServer, RequestListener } from 'node:http'\ncreateServer()",
      "server.ts line 1: 'node:http' has no export called 'RequestListener'. A type has to be imported as one: import type { RequestListener } from 'node:http'. Nothing was run.",
    ],
    [
      'a package.json that says commonjs',
      LISTENS,
      'server.ts line 1: Cannot use import statement outside a module: the package.json in the folder FOLDER says "type": "commonjs". Write "type": "module" there, or remove the file. Nothing was run.',
      { 'package.json': '{"type":"commonjs"}' },
    ],
    [
      'UTF-16 with a mark',
      '',
      'server.ts is saved as UTF-16, and Node reads UTF-8. Save it again with the encoding UTF-8. Nothing was run.',
      { 'server.ts': Buffer.from(`\ufeff${LISTENS}`, 'utf16le') },
    ],
    [
      'UTF-16 without a mark',
      '',
      'server.ts is saved as UTF-16, and Node reads UTF-8. Save it again with the encoding UTF-8. Nothing was run.',
      { 'server.ts': Buffer.from(LISTENS, 'utf16le') },
    ],
    [
      'a folder',
      "import './lib'",
      "You import the folder 'lib'. Import a file of it, with its ending: './lib/index.ts'.",
      { 'lib/index.ts': '' },
    ],
    [
      'an address',
      "import 'https://esm.sh/left-pad'",
      "You import from an address that begins with https:, which Node does not. Node's own modules, express and cookie-parser are there.",
    ],
    [
      'npm:',
      "import 'npm:express'",
      "You import from an address that begins with npm:, which Node does not. Node's own modules, express and cookie-parser are there.",
    ],
    [
      'a short form',
      "import '@/store'",
      "'@/store' is a short form that a tsconfig.json or a bundler explains, and Node knows neither. Write the path of the file: './store.ts'.",
    ],
    [
      'require of what nobody has',
      "require('fastify')",
      "The package 'fastify' is not installed. Node's own modules, express and cookie-parser are there.",
    ],
    [
      'a database',
      "import { DatabaseSync } from 'node:sqlite'\nnew DatabaseSync('/etc/x')",
      "A graded program cannot use 'node:sqlite': Node would let it open every database of this machine. Keep what you need in variables.",
    ],
    [
      'a worker thread',
      "import { Worker } from 'node:worker_threads'\nnew Worker('', { eval: true })",
      'server.ts line 2: it started a worker thread, itself or through a package (pino does). A graded program has one thread.',
    ],
    [
      'a port that is none',
      "import { createServer } from 'node:http'\ncreateServer().listen(Number(process.env.NO_PORT))",
      'server.ts line 2: Your program exited with code 1 before it listened on its port: RangeError [ERR_SOCKET_BAD_PORT]: options.port should be >= 0 and < 65536. Received type number (NaN).',
    ],
    [
      'an error that is no Error',
      'structuredClone(() => {})',
      'server.ts line 1: Your program exited with code 1 before it listened on its port: DOMException [DataCloneError]: () => {} could not be cloned.',
    ],
    [
      'an error with a cause',
      "await fetch('http://127.0.0.1:2/')",
      'Your program exited with code 1 before it listened on its port: TypeError: fetch failed (Error: connect ECONNREFUSED 127.0.0.1:2)',
    ],
    [
      'a SyntaxError of what it read',
      "await new Response('<html>').json()",
      `Your program exited with code 1 before it listened on its port: SyntaxError: Unexpected token '<', "<html>" is not valid JSON`,
    ],
    [
      'an error that it caught and printed',
      "try { JSON.parse('{') } catch (error) { console.error('no settings:', error); process.exit(1) }",
      'Your program exited with code 1 before it listened on its port.',
    ],
  ])('%s', async (_, source, message, files = {}) => {
    const dir = write({ 'server.ts': source, ...files })
    const fault = await faultOf(dir)
    expect(fault.message).toBe(message.replace('FOLDER', dir.split('/').at(-1)!))
    expect(fault.lines.join('\n')).not.toMatch(/node:internal|resolve-from-project|explain-exit/)
  })
})

test('what a program printed of an error that it caught is shown', async () => {
  const source =
    "try { JSON.parse('{') } catch (error) { console.error('no settings:', error); process.exit(1) }"
  const { lines } = await faultOf(write({ 'server.ts': source }))
  expect(lines[0]).toMatch(/^no settings: SyntaxError: /)
})

describe('a program in a folder that a link leads to', () => {
  const express = "import express from 'express'\nexpress().listen(Number(process.env.PORT))\n"
  const required =
    "const express = require('express')\nexpress().listen(Number(process.env.PORT))\n"
  const reads =
    "import { readFileSync } from 'node:fs'\nimport './beside.ts'\nreadFileSync('server.ts')\n"
  const files = { 'server.ts': reads + LISTENS, 'beside.ts': '' }

  test.each<[string, () => string]>([
    ['the folder', () => linked(write(files))],
    ['its parent', () => join(linked(dirname(write({ 'a/x': '' }))), 'in', writeInto('in', files))],
    [
      'the file',
      () => {
        const dir = write({ 'other.txt': '' })
        symlinkSync(join(write(files), 'server.ts'), join(dir, 'server.ts'))
        return dir
      },
    ],
    [
      'a file beside it',
      () => {
        const dir = write({ 'server.ts': reads + LISTENS })
        symlinkSync(join(write(files), 'beside.ts'), join(dir, 'beside.ts'))
        return dir
      },
    ],
    ['the folder, with a package', () => linked(write({ 'server.ts': express }))],
    ['the folder, with a required package', () => linked(write({ 'server.ts': required }))],
  ])('%s', async (_, dir) => {
    const running = await start(dir())
    await running.end()
  })

  function linked(target: string): string {
    const link = join(root, `link-${++folders}`)
    symlinkSync(target, link)
    return link
  }

  /** The folder that its parent's link leads to, seen from there. */
  function writeInto(name: string, content: Files): string {
    for (const [file, text] of Object.entries(content)) {
      mkdirSync(join(root, name, 'deep'), { recursive: true })
      writeFileSync(join(root, name, 'deep', file), text)
    }
    return 'deep'
  }
})

describe.skipIf(process.platform === 'win32')(
  'the place that a program prints is not trusted',
  () => {
    test.each<[string, (path: string) => void]>([
      ['a named pipe', (path) => execFileSync('mkfifo', [path])],
      ['a device without an end', (path) => symlinkSync('/dev/zero', path)],
      ['a folder', (path) => mkdirSync(path)],
      ['nothing', () => {}],
    ])('%s', (_, make) => {
      const path = join(write({ 'server.ts': '' }), 'place.ts')
      make(path)
      const text = `file://${path}:1\nlet = 1\n^^^\n\nSyntaxError: Unexpected token\n    at compileSourceTextModule (node:internal/modules/esm/utils:346:16)\n\nNode.js v24.21.0\n`
      const lastLines = (count: number) => text.split('\n').slice(-count)
      const { message } = explainExit(
        { code: 1, signal: null, at: 0 },
        { text: () => text, lastLines },
      )
      expect(message).toMatch(/^place\.ts line 1: .*Unexpected token/)
    })
  },
)

test('a package.json that is a named pipe is not waited for', () => {
  const dir = write({ 'server.ts': LISTENS })
  execFileSync('mkfifo', [join(dir, 'package.json')])
  expect(commonJsPackage(join(dir, 'server.ts'))).toBeUndefined()
})
