import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rmSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeEvidence } from '../../grader/index.ts'
import { saveRun } from '../../store/runs.ts'
import {
  begin,
  fixtureCheck,
  fixtureEvidence,
  fixtureReport,
  scriptedGrade,
  type ScriptedGrade,
} from '../../testing/sample-grading.ts'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'

const exerciseFile = `---
title: Say hello
lesson: first-lesson
kind: server
level: 1
minutes: 5
gradingSeconds: 2
hints:
  - Read the <method>.
  - "Then the \`path\`."
  - Answer.
---
Answer GET / with hello.
`
const withHintAbout = (check: string) =>
  exerciseFile.replace('  - Answer.\n', `  - Answer.\n  - check: ${check}\n    text: About it.\n`)
let scripted: ScriptedGrade
let server: FixtureServer
beforeEach(async () => {
  scripted = scriptedGrade(async (script) => {
    begin(script)
    await script.step('judge')
    return fixtureReport(script.run)
  })
  server = await startFixtureServer({
    grade: scripted.grade,
    files: { 'exercises/say-hello/exercise.md': exerciseFile },
  })
})
afterEach(() => server.close())

const own = () => join(server.paths.work, 'say-hello', 'server.ts')
const page = () => server.page('/exercises/say-hello')

describe('the learner’s file', () => {
  test('is made from the stub when the page is opened, and named', async () => {
    expect(await page()).toContain(`<code id="path">${own()}</code>`)
    expect(readFileSync(own(), 'utf8')).toBe('// TODO\n')
  })

  test('is not made for a link on another site', async () => {
    expect(
      (await server.get('/exercises/say-hello', { 'Sec-Fetch-Site': 'cross-site' })).status,
    ).toBe(200)
    expect(existsSync(own())).toBe(false)
  })

  test('goes back to the stub, after a copy the page names', async () => {
    await page()
    writeFileSync(own(), '// mine\n')
    const answer = await server.submit('/exercises/say-hello/reset')
    expect(answer.status).toBe(303)
    expect(readFileSync(own(), 'utf8')).toBe('// TODO\n')
    const copy = readdirSync(server.paths.work).find((name) =>
      name.startsWith('say-hello.before-reset-'),
    )!
    expect(readFileSync(join(server.paths.work, copy, 'server.ts'), 'utf8')).toBe('// mine\n')
    expect(await server.page(answer.headers.get('Location')!)).toContain(
      `What you had is kept in ${join(server.paths.work, copy)}`,
    )
  })

  describe.skipIf(process.platform === 'win32').each([
    ['it is a named pipe, not a file', (path: string) => void execFileSync('mkfifo', [path])],
    ['it is a device, not a file', (path: string) => symlinkSync('/dev/zero', path)],
    ['it is a folder, not a file', (path: string) => void mkdirSync(path)],
    [
      'it is larger than 4 MB',
      (path: string) => {
        writeFileSync(path, '')
        truncateSync(path, 300 * 1024 ** 2)
      },
    ],
  ])('that cannot be read: %s', (words, make) => {
    test('is named, by the page and by what it starts', async () => {
      await page()
      rmSync(own())
      make(own())
      const text = `Cannot read ${own()}: ${words}.`
      expect(await page()).toContain(text)
      for (const path of ['run', 'submit']) {
        const answer = await server.submit(`/exercises/say-hello/${path}`)
        const run = await server.page(answer.headers.get('Location') ?? '/')
        expect(`${await answer.text()}${run}`).toContain(text)
      }
      const api = await server.get('/api/exercises/say-hello/files/server.ts', {
        'Sec-Fetch-Site': 'same-origin',
      })
      expect(await api.json()).toEqual({ error: expect.stringContaining(text) })
      expect(await (await server.submit('/exercises/say-hello/merge')).text()).toContain(text)
      const reset = await server.submit('/exercises/say-hello/reset')
      const copied = !/pipe|folder/.test(words)
      if (copied) expect(readFileSync(own(), 'utf8')).toBe('// TODO\n')
      else expect(await reset.text()).toMatch(/is a named pipe|a folder where/)
    })
  })

  describe('whose stub has changed since', () => {
    beforeEach(async () => {
      await page()
      writeFileSync(own(), '// mine\n// TODO\n')
      writeFileSync(
        join(server.paths.root, 'exercises/say-hello/stub/server.ts'),
        '// TODO\n// new\n',
      )
    })

    test('says so and merges it, after a copy the page names', async () => {
      expect(await page()).toContain('The stub has changed since you began (server.ts).')
      const answer = await server.submit('/exercises/say-hello/merge')
      expect(readFileSync(own(), 'utf8')).toBe('// mine\n// TODO\n// new\n')
      const copy = readdirSync(server.paths.work).find((name) =>
        name.startsWith('say-hello.before-merge-'),
      )!
      expect(readFileSync(join(server.paths.work, copy, 'server.ts'), 'utf8')).toBe(
        '// mine\n// TODO\n',
      )
      const after = await server.page(answer.headers.get('Location')!)
      expect(after).toContain(`What you had is kept in ${join(server.paths.work, copy)}`)
      expect(after).not.toContain('The stub has changed')
    })

    test('or leaves the file as it is, and asks no more', async () => {
      const answer = await server.submit('/exercises/say-hello/merge', { keep: 'mine' })
      expect([answer.status, answer.headers.get('Location'), readFileSync(own(), 'utf8')]).toEqual([
        303,
        '/exercises/say-hello',
        '// mine\n// TODO\n',
      ])
      expect(await page()).not.toContain('The stub has changed')
    })
  })

  test('a link cannot make the page say that something was reset', async () => {
    expect(
      await server.page('/exercises/say-hello?kept=say-hello.before-reset-%3Cb%3E'),
    ).not.toContain('role="status">This is')
    expect(await server.page('/exercises/say-hello?kept=elsewhere')).not.toContain(
      'Your files are kept',
    )
  })
})

describe('hints', () => {
  const hint = (count: string) => server.submit('/exercises/say-hello/hints', { count })

  test('are not in the page before they are asked for', async () => {
    const html = await page()
    expect(html).toContain('Show the first of 3 hints')
    expect(html).not.toMatch(/Read the|Then the/)
  })

  test('come one at a time, and stay', async () => {
    expect((await hint('1')).headers.get('Location')).toBe('/exercises/say-hello#hints')
    expect(await page()).toContain('Read the &lt;method&gt;.')
    expect(await page()).not.toContain('Then the')
    await hint('2')
    expect(await page()).toContain('Then the <code>path</code>.')
    expect(await page()).toContain('Show hint 3 of 3')
    await hint('3')
    expect(await page()).not.toContain('data-action="hint"')
  })

  test('about the check that failed comes first', async () => {
    const files = { 'exercises/say-hello/exercise.md': withHintAbout('answers') }
    const other = await startFixtureServer({ files })
    try {
      const program = join(other.paths.work, 'say-hello', 'server.ts')
      const report = fixtureReport('0123abcd', {
        program,
        verdict: 'failed',
        checks: [
          fixtureCheck({ id: 'greets', outcome: 'passed' }),
          fixtureCheck({ id: 'answers' }),
        ],
      })
      saveRun(other.paths.runs, { report, evidence: encodeEvidence([]), files: [] })
      const ask = (count: string) => other.submit('/exercises/say-hello/hints', { count })
      await ask('1')
      expect(await other.page('/exercises/say-hello')).toMatch(
        /<ol><li[^>]*>About it\.<\/li><\/ol>/,
      )
      await ask('2')
      expect(await other.page('/exercises/say-hello')).toMatch(/About it\.<\/li><li[^>]*>Read the/)
    } finally {
      await other.close()
    }
  })

  test.each(['2', '3', '0', '-1', '1.5', 'x'])('asking for %s first shows none', async (count) => {
    await hint(count)
    expect(await server.store.hintsShown('say-hello')).toEqual([])
  })

  test('are put in place by a script', async () => {
    const { html } = (await (
      await server.post('/exercises/say-hello/hints', { count: 1 })
    ).json()) as { html: string }
    expect(html).toContain('Read the &lt;method&gt;.')
  })
})

describe('a run', () => {
  test('is started without a script, and its page reloads itself until it is over', async () => {
    const address = (await server.submit('/exercises/say-hello/run')).headers.get('Location')!
    expect(address).toMatch(/^\/runs\/[0-9a-f]{8}$/)
    for (const during of [await server.page(address), await page()]) {
      expect(during).toMatch(/<noscript><meta http-equiv="refresh" content="[23]"><\/noscript>/)
      expect(during).toContain('Your program listens, after 0.12 s.')
      expect(during).toContain('data-action="cancel"')
    }
    await scripted.release('judge')
    await expect.poll(page).toContain('Not yet: 0 of 2')
    expect(await server.page(address)).toContain('Not yet: 0 of 2')
    const after = await page()
    expect(after).not.toContain('http-equiv="refresh"')
    expect(after).toContain(
      '<dt>Why</dt><dd>Zero seconds: Chromium dropped the cookie at once.</dd>',
    )
    expect(after).toContain(
      '<a href="/lessons/first-lesson#how-long">The first lesson › How long it lives</a>',
    )
    expect(after).toContain('Not tried, because it needs “The cookie was set to live 10 seconds”.')
  })

  test('of a command is shown when it is the newer one', async () => {
    saveRun(server.paths.runs, {
      report: fixtureReport('00c0ffee', { program: own() }),
      evidence: encodeEvidence([fixtureEvidence()]),
      files: [],
    })
    expect(await page()).toContain('href="/runs/00c0ffee"')
  })

  test('of files elsewhere is not shown as the learner’s own, nor does a hint follow it', async () => {
    const files = { 'exercises/say-hello/exercise.md': withHintAbout('answers') }
    const other = await startFixtureServer({ files })
    try {
      saveRun(other.paths.runs, {
        report: fixtureReport('00c0ffee', {
          program: '/elsewhere/say-hello/server.ts',
          verdict: 'failed',
          checks: [fixtureCheck({ id: 'answers' })],
        }),
        evidence: encodeEvidence([fixtureEvidence()]),
        files: [],
      })
      expect(await other.page('/exercises/say-hello')).not.toContain('00c0ffee')
      await other.submit('/exercises/say-hello/hints', { count: '1' })
      expect(await other.page('/exercises/say-hello')).not.toContain('About it.')
    } finally {
      await other.close()
    }
  })

  test('grades the files as they stand, and keeps them', async () => {
    await page()
    writeFileSync(own(), '// mine\n')
    await server.submit('/exercises/say-hello/submit')
    writeFileSync(own(), '// changed since\n')
    await scripted.release('judge')
    await expect.poll(() => server.store.submissions('say-hello')).toHaveLength(1)
    const { id } = (await server.store.submissions('say-hello'))[0]!
    const submission = await server.store.submission(id)
    expect(Buffer.from(submission!.files[0]!.content).toString()).toBe('// mine\n')
    expect(await page()).toContain(`<a href="/submissions/${id}">`)
  })

  test('that could not be checked says so, and that it is no fault of the learner’s', async () => {
    const error = {
      verdict: 'errored',
      error: 'No browser was found. Install one: npm run doctor',
      checks: [fixtureCheck({ outcome: 'errored', error: 'checks.ts line 3' })],
    } as const
    saveRun(server.paths.runs, {
      report: fixtureReport('00c0ffee', { program: own(), ...error }),
      evidence: '[]',
      files: [],
    })
    const html = await page()
    expect(html).toContain('Could not be checked')
    expect(html).toContain('No browser was found. Install one: npm run doctor')
    expect(html).toContain('This isn’t your fault. checks.ts line 3')
  })
})

test('a folder that cannot be written is explained in the page', async () => {
  writeFileSync(server.paths.work, 'a file where the folder should be')
  const answer = await server.get('/exercises/say-hello')
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('a file stands where a folder is needed')
  await server.submit('/exercises/say-hello/run')
  await expect.poll(page).toContain('a file stands where a folder is needed')
})
