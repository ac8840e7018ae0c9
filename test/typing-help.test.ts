import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allExercises } from '../course/find.ts'
import { loadCourseStrictly } from '../course/load-course.ts'
import { resolvePaths } from '../course/paths.ts'
import { ensureWork } from '../course/work/work-folder.ts'
import { createTypeService } from '../server/exercises/typing/type-service.ts'
import type { Completion, Problem } from '../server/exercises/typing/types.ts'
import { startFixtureServer, type FixtureServer } from '../testing/sample-server.ts'
import { axeFindings } from './axe-findings.ts'
import { descendantsOf } from './processes.ts'
import { openTestBrowser, type TestBrowser } from './test-browser.ts'

let chromium: TestBrowser
let server: FixtureServer
beforeAll(async () => {
  ;[chromium, server] = await Promise.all([openTestBrowser(), startFixtureServer()])
})
afterAll(async () => {
  await chromium.close()
  await server.close()
})

const ask = async (what: string, body: object): Promise<any> =>
  (await server.post(`/api/exercises/say-hello/files/server.ts/${what}`, body)).json()
const problems = async (text: string) => (await ask('problems', { text })).problems
const options = async (text: string): Promise<Completion[]> => {
  const lines = text.split('\n')
  const at = { line: lines.length - 1, character: lines.at(-1)!.length }
  return (await ask('completions', { text, at })).options
}
const completions = async (text: string) => (await options(text)).map(({ label }) => label)

describe('what the server says of a text', () => {
  test('syntax is an error, with its place; a wrong type a warning', async () => {
    expect(await problems('const a: = 3\n')).toEqual([
      expect.objectContaining({ from: { line: 0, character: 9 }, severity: 'error' }),
    ])
    expect(await problems("\nconst a: number = 'b'\n")).toEqual([
      {
        from: { line: 1, character: 6 },
        to: { line: 1, character: 7 },
        severity: 'warning',
        message: "Type 'string' is not assignable to type 'number'.",
      },
    ])
    expect(await problems('enum Colour { red }\n')).toHaveLength(1)
    expect(await problems('export function f(x) { return x }\n')).toEqual([])
  })

  test('knows Node and Express, and a file that was put beside it', async () => {
    const express = "import express from 'express'\nexpress().get('/', (request, response) => {\n"
    expect(await problems(`${express}  response.cookie('a', 'b', { maxAge: '1' })\n})\n`)).toEqual([
      expect.objectContaining({ severity: 'warning' }),
    ])
    expect(await completions(`${express}  response.`)).toContain('cookie')
    expect(
      await completions("import { createServer } from 'node:http'\ncreateServer()."),
    ).toContain('listen')
    const work = join(server.paths.work, 'say-hello')
    mkdirSync(work, { recursive: true })
    const text = "import { name } from './names.ts'\nexport const upper = name.toUpperCase()\n"
    expect(await problems(text)).toHaveLength(1)
    writeFileSync(join(work, 'names.ts'), "export const name = 'Ada'\n")
    expect(await problems(text)).toEqual([])
    writeFileSync(join(work, 'names.ts'), 'export const name = 3\n')
    expect(await problems(text)).toHaveLength(1)
    rmSync(join(work, 'names.ts'))
    expect(await problems(text)).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/^Cannot find module/) }),
    ])
  })

  test('offers what can be written as it is, each once', async () => {
    const handler =
      "import { createServer } from 'node:http'\ncreateServer((request) => {\n  request.headers.acc"
    const found = await options(handler)
    expect(found).toContainEqual(expect.objectContaining({ label: 'accept', type: 'property' }))
    expect(found).toContainEqual({
      label: 'accept-encoding',
      type: 'property',
      insert: "['accept-encoding']",
      from: { line: 2, character: 17 },
    })
    for (const { label, insert = `.${label}` } of found)
      expect(await problems(`${handler.slice(0, -4)}${insert}\n})\n`), label).toEqual([])

    expect(
      await options("import 'node:http'\nconst found = {} as { 'x-y': 1 } | undefined\nfound?."),
    ).toContainEqual(expect.objectContaining({ insert: "?.['x-y']" }))
    // Nothing here imports it, and nothing would add the import.
    expect(await completions('crea')).not.toContain('createServer')
    const global = await completions('con')
    expect(global).toContain('console')
    expect(new Set(global).size).toBe(global.length)
  })

  test.each([
    "import { createServer, IncomingHttpHeaders } from 'node:http'\ncreateServer()\n",
    "import { nothing } from 'node:http'\nnothing()\n",
    "import { createServe } from 'node:http'\ncreateServe()\n",
    "import { x } from './nowhere.ts'\nx()\n",
    "export { x } from './nowhere.ts'\n",
    'let a = 1\nlet a = 2\n',
    "import { createServer } from 'node:http'\nconst createServer = 1\n",
  ])('what Node would not start with is an error: %j', async (text) => {
    expect(new Set((await problems(text)).map(({ severity }: Problem) => severity))).toEqual(
      new Set(['error']),
    )
  })

  test.each([
    "import type { Nothing } from 'node:http'\nexport let a: Nothing\n",
    "import { type Nothing } from 'node:http'\nexport let a: Nothing\n",
    "export const later = () => import('./nowhere.ts')\n",
    "import type { Server } from 'node:http'\nexport type Server = 1\n",
  ])('what a start does not look for is a warning: %j', async (text) => {
    expect(await problems(text)).toEqual([expect.objectContaining({ severity: 'warning' })])
  })

  test('refuses what is none of the exercise’s files, and a place that is none', async () => {
    const other = await server.post('/api/exercises/say-hello/files/checks.ts/problems', {
      text: '',
    })
    expect(other.status).toBe(404)
    const noPlace = await server.post('/api/exercises/say-hello/files/server.ts/completions', {
      text: '',
      at: { line: -1 },
    })
    expect(noPlace.status).toBe(400)
  })
})

const OPTION = '.editor-surface >>> .cm-tooltip-autocomplete li'

describe('in the editor', () => {
  let page: Page
  beforeAll(async () => {
    page = await chromium.newReader()
    await page.goto(`${server.url}/exercises/say-hello`)
    await page.waitForSelector('.editor-surface >>> .cm-content')
  })
  const replaceBy = async (text: string) => {
    await page.focus('.editor-surface >>> .cm-content')
    await page.keyboard.down('Control')
    await page.keyboard.press('a')
    await page.keyboard.up('Control')
    // Text typed over coloured text is styled inline by Chromium itself, which the policy refuses.
    await page.keyboard.press('Delete')
    await page.keyboard.type(text)
  }

  /** Gives the label of the option that Enter then takes. */
  const chooseAnother = async () => {
    await page.waitForSelector(`${OPTION}:not([aria-selected])`)
    const chosen = () => page.$eval(`${OPTION}[aria-selected]`, (option) => option.textContent)
    const first = await chosen()
    // For a moment CodeMirror takes no choice, so that a key typed on isn't one.
    await expect
      .poll(async () => {
        await page.keyboard.press('ArrowDown')
        return chosen()
      })
      .not.toBe(first)
    return chosen()
  }
  const lastLine = () =>
    page.$eval(
      '.editor-surface > div',
      (host: any) => [...host.shadowRoot.querySelectorAll('.cm-line')].at(-1).textContent,
    )

  test('asks nothing before anything is typed', async () => {
    const asked: string[] = []
    page.on('request', (request) => {
      if (/\/(?:problems|completions)$/.test(request.url())) asked.push(request.url())
    })
    await page.reload()
    await page.waitForSelector('.editor-surface >>> .cm-content')
    await page.waitForNetworkIdle({ idleTime: 1000 })
    expect(asked).toEqual([])
  })

  test('marks what is wrong where it stands', async () => {
    await replaceBy("let wrong: number = 'a'")
    await page.waitForSelector('.editor-surface >>> .cm-lintRange-warning')
    await replaceBy('let = = 1')
    await page.waitForSelector('.editor-surface >>> .cm-lintRange-error')
    expect(await axeFindings(page)).toEqual([])
    await replaceBy('let right = 1')
    await page.waitForFunction(
      '!document.querySelector(".editor-surface > div").shadowRoot.querySelector(".cm-lintRange")',
    )
  })

  test('offers what may follow, by keys alone', async () => {
    await replaceBy('const word = "a".to')
    const label = await chooseAnother()
    await page.keyboard.press('Enter')
    expect(await lastLine()).toBe(`const word = "a".${label}`)
  })

  test('writes a name that is no identifier in brackets, in place of the dot', async () => {
    await replaceBy(
      "import 'node:http'\nconst fields = { 'accept-encoding': 1, 'accept-language': 2 }\nfields.acc",
    )
    const chosen = await chooseAnother()
    expect(chosen).toMatch(/^accept-/)
    await page.keyboard.press('Enter')
    expect(await lastLine()).toBe(`fields['${chosen}']`)
  })

  test('shows which one is chosen in forced colours, too', async () => {
    await page.emulateMediaFeatures([{ name: 'forced-colors', value: 'active' }])
    await replaceBy('const some = "a".to')
    await page.waitForSelector(`${OPTION}:not([aria-selected])`)
    const colours = await page.$eval('.editor-surface > div', (host: any) =>
      ['[aria-selected]', ':not([aria-selected])'].map(
        (which) =>
          (globalThis as any).getComputedStyle(
            host.shadowRoot.querySelector(`.cm-tooltip-autocomplete li${which}`),
          ).backgroundColor,
      ),
    )
    expect(colours[0]).not.toBe(colours[1])
    await page.emulateMediaFeatures([{ name: 'forced-colors', value: 'none' }])
    await page.keyboard.press('Escape')
  })

  test('no part of it was refused by the page’s policy', () =>
    expect(chromium.complaints).toEqual([]))
})

test('nothing is marked in what the course’s own authors wrote', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'roundtrip-typing-'))
  const paths = resolvePaths({
    ROUNDTRIP_HOME: join(folder, 'state'),
    ROUNDTRIP_WORK: join(folder, 'work'),
  })
  const types = createTypeService(paths)!
  const marked: string[] = []
  for (const { exercise } of allExercises(await loadCourseStrictly(paths.project))) {
    ensureWork(exercise, paths)
    for (const program of ['stub', 'solution'])
      for (const name of exercise.files) {
        const text = readFileSync(join(exercise.dir, program, name), 'utf8')
        for (const { message } of await types.problems({ exercise, name, text }))
          marked.push(`${exercise.id}/${program}/${name}: ${message}`)
      }
  }
  await types.close()
  rmSync(folder, { recursive: true })
  expect(marked).toEqual([])
})

test('its process ends with the server, and leaves nothing beside what the state folder keeps', async () => {
  const own = await startFixtureServer()
  await own.post('/api/exercises/say-hello/files/server.ts/problems', { text: 'let a = 1\n' })
  expect(existsSync(join(own.paths.state, 'typing', 'say-hello', 'tsconfig.json'))).toBe(true)
  const before = descendantsOf(process.pid).length
  await own.close()
  expect(descendantsOf(process.pid).length).toBe(before - 1)
})
