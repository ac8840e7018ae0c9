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
import type { Change } from './live-results.ts'

const evil = '<img src=x onerror=alert(1)>'
let scripted: ScriptedGrade
let server: FixtureServer
beforeEach(async () => {
  scripted = scriptedGrade(async (script) => {
    begin(script)
    script.emit({
      type: 'exchange',
      scenario: evil,
      exchange: 1,
      summary: `GET /${evil} → 200`,
      at: 310,
    })
    await script.step('judge')
    const samples = [{ at: 1, sent: true, exchange: 2 }]
    script.emit({
      type: 'progress',
      scenario: evil,
      done: 1,
      total: 15,
      unit: 'requests',
      chart: { kind: 'cookie-chart', label: 'token', seconds: 15, samples, expiry: null },
    })
    script.emit({ type: 'check', result: fixtureCheck({ title: evil }) })
    await script.step('end')
    return fixtureReport(script.run)
  })
  server = await startFixtureServer({ grade: scripted.grade })
})
afterEach(() => server.close())

const start = async (purpose = 'run') => {
  const answer = await server.post(`/api/exercises/say-hello/${purpose}`)
  expect(answer.status).toBe(202)
  return (await answer.json()) as { run: string; html: string }
}
const stream = (run: string, query = '', headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/runs/${run}/events${query}`, {
    headers: { 'Sec-Fetch-Site': 'same-origin', ...headers },
  })
/** Reads a stream to its end: the changes, and the last event's number. */
const readAll = async (answer: Response) => {
  const text = await answer.text()
  const changes = [...text.matchAll(/^id: (\d+)\ndata: (.*)$/gm)].map(([, id, data]) => ({
    id: Number(id),
    ...(JSON.parse(data!) as Change),
  }))
  return { changes, text }
}

describe('the stream of a run', () => {
  test('replays what was, follows what comes, and ends', async () => {
    const { run, html } = await start()
    expect(html).toContain(`data-run="${run}" data-seen="3" data-over="false"`)
    const answer = await stream(run)
    expect(answer.headers.get('Content-Type')).toBe('text/event-stream')
    expect(answer.headers.get('Cache-Control')).toBe('no-cache, no-transform')
    expect(answer.headers.get('Content-Encoding')).toBeNull()
    await scripted.release('judge')
    await scripted.release('end')
    const { changes, text } = await readAll(answer)
    expect(changes.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(changes.flatMap(({ patches }) => patches.map(({ target }) => target))).toEqual([
      'results',
      'status',
      'wire-1',
      expect.stringMatching(/^wait-[0-9a-f]{8}$/),
      'check-lifetime',
      'results',
      'standing',
      'history',
    ])
    expect(text.trimEnd()).toMatch(/event: end\ndata: \{\}$/)
    expect(changes.map(({ say }) => say).filter(Boolean)).toEqual([
      'Started: 2 checks.',
      `${evil}: about 14 seconds.`,
      `Failed: ${evil}.`,
      'Not yet: 0 of 2.',
    ])
  })

  test('is followed by fifty pages at once, half of which leave, and the server answers all along', async () => {
    const warnings: string[] = []
    const onWarning = ({ message }: Error) => void warnings.push(message)
    process.on('warning', onWarning)
    const { run } = await start()
    const leaving = new AbortController()
    const [stay, leave] = await Promise.all(
      [undefined, leaving.signal].map((signal) =>
        Promise.all(
          Array.from({ length: 25 }, () =>
            fetch(`${server.url}/api/runs/${run}/events`, {
              headers: { 'Sec-Fetch-Site': 'same-origin' },
              ...(signal && { signal }),
            }),
          ),
        ),
      ),
    )
    expect([...stay!, ...leave!].map(({ status }) => status)).toEqual(Array(50).fill(200))
    await scripted.release('judge')
    expect((await server.get('/exercises/say-hello')).status).toBe(200)
    leaving.abort()
    await scripted.release('end')
    for (const answer of stay!) {
      const { changes, text } = await readAll(answer)
      expect(changes.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6])
      expect(text).toContain('event: end')
    }
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })

  test('goes on where the page is, or where the connection was lost', async () => {
    const { run } = await start()
    await scripted.release('judge')
    await scripted.release('end')
    await expect
      .poll(async () => (await (await server.get(`/api/runs/${run}`)).json()) as unknown)
      .toMatchObject({ state: 'over', verdict: 'failed' })
    expect((await readAll(await stream(run, '?after=5'))).changes.map(({ id }) => id)).toEqual([
      5, 6,
    ])
    expect(
      (await readAll(await stream(run, '?after=2', { 'Last-Event-ID': '5' }))).changes.map(
        ({ id }) => id,
      ),
    ).toEqual([6])
    expect((await readAll(await stream(run, '?after=7'))).text).toContain('event: end')
    expect((await readAll(await stream(run, '?after=x'))).changes).toHaveLength(7)
  })

  test('what the program sent is text in it', async () => {
    const { run } = await start()
    const answer = await stream(run)
    await scripted.release('judge')
    await scripted.release('end')
    for (const { patches } of (await readAll(answer)).changes)
      for (const { html } of patches) expect(html).not.toMatch(/<img/i)
  })

  test('two pages follow the same run', async () => {
    const { run } = await start()
    const [one, two] = await Promise.all([stream(run), stream(run)])
    await scripted.release('judge')
    await scripted.release('end')
    const [first, second] = await Promise.all([readAll(one), readAll(two)])
    expect(second.changes).toEqual(first.changes)
  })

  test('of a run this server does not know is none', async () => {
    expect((await stream('00000000')).status).toBe(404)
  })
})

describe('a wait', () => {
  const samples = (...times: number[]) =>
    times.map((at, exchange) => ({ at, sent: true, exchange }))
  let waiting: FixtureServer
  beforeEach(async () => {
    const { grade } = scriptedGrade(async (script) => {
      begin(script)
      for (const times of [[], [1], [9.9], [9.9, 10.2], [9.9, 10.2, 15.05]]) {
        const chart = {
          kind: 'cookie-chart',
          label: 'token',
          seconds: 15,
          samples: samples(...times),
          expiry: null,
        } as const
        script.emit({
          type: 'progress',
          scenario: 'Requests go on',
          done: times.length,
          total: 15,
          unit: 'requests',
          chart,
        })
      }
      return fixtureReport(script.run)
    })
    waiting = await startFixtureServer({ grade })
  })
  afterEach(() => waiting.close())

  const changes = async () => {
    const { run } = (await (await waiting.post('/api/exercises/say-hello/run')).json()) as {
      run: string
    }
    const answer = await fetch(`${waiting.url}/api/runs/${run}/events`, {
      headers: { 'Sec-Fetch-Site': 'same-origin' },
    })
    return (await readAll(answer)).changes
  }

  test('counts down the seconds that are left', async () => {
    const html = (await changes())
      .flatMap(({ patches }) => patches.map((patch) => patch.html))
      .join('')
    expect(
      [...html.matchAll(/data-left="([\d.]+)">([^<]+)/g)].map(([, left, words]) => [left, words]),
    ).toEqual([
      ['15.0', 'about 15 s left'],
      ['14.0', 'about 14 s left'],
      ['5.1', 'about 6 s left'],
      ['4.8', 'about 5 s left'],
      ['0.0', 'about to end'],
    ])
  })

  test('is told to a screen reader twice: how long it is, and that it ends soon', async () => {
    expect((await changes()).map(({ say }) => say).filter(Boolean)).toEqual([
      'Started: 2 checks.',
      'Requests go on: about 15 seconds.',
      'About 5 seconds left.',
      'Not yet: 0 of 2.',
    ])
  })
})

describe('stopping a run', () => {
  test('by a script', async () => {
    const { run } = await start()
    const answer = await stream(run)
    expect(await (await server.post(`/api/runs/${run}/cancel`)).json()).toMatchObject({ run })
    const { changes } = await readAll(answer)
    expect(changes.at(-1)).toMatchObject({ say: 'Stopped. Nothing else was judged.' })
    expect(changes.at(-1)!.patches[0]!.html).toContain('data-over="true"')
    expect(changes.at(-1)!.patches[0]!.html).not.toContain('data-action="cancel"')
  })

  test('by a form', async () => {
    const { run } = await start()
    const answer = await server.submit(`/api/runs/${run}/cancel`)
    expect(answer.headers.get('Location')).toBe(`/runs/${run}`)
    await expect
      .poll(() => server.page(`/runs/${run}`))
      .toContain('Stopped. Nothing else was judged.')
  })

  test('of which nothing is known is none', async () => {
    expect((await server.post('/api/runs/00000000/cancel')).status).toBe(404)
  })

  test('when the server ends: streams end with it', async () => {
    const { run } = await start()
    const answer = await stream(run)
    await server.app.close()
    expect((await readAll(answer)).changes.at(-1)!.say).toBe('Stopped. Nothing else was judged.')
  })
})

describe('the page of a run', () => {
  test('that goes on shows it as far as it is', async () => {
    const { run } = await start()
    const html = await server.page(`/runs/${run}`)
    expect(html).toContain('Your program listens, after 0.12 s.')
    expect(html).toContain(`GET /&lt;img src=x onerror=alert(1)&gt; → 200`)
    expect(html).toContain('content="2"')
  })

  test('that is kept shows every byte, and only as text', async () => {
    const evidence = [
      fixtureEvidence({ body: `${evil}\u0000\u001b[31m`, log: `${evil}\n\u001b]0;title\u0007` }),
    ]
    const report = fixtureReport('00c0ffee', {
      program: evil,
      notes: [evil],
      checks: [fixtureCheck({ title: evil, reproduce: [evil] })],
    })
    saveRun(server.paths.runs, { report, evidence: encodeEvidence(evidence), files: [] })
    const html = await server.page('/runs/00c0ffee')
    expect(html).not.toMatch(/<img/i)
    expect(html).toContain('id="exchange-1"')
    expect(html).toContain(
      '<b class="w-start">GET /start HTTP/1.1</b><span class="w-ending">CRLF</span>',
    )
    expect(html).toContain('\\x00\\x1b[31m')
    expect(html).toContain('\\x1b]0;title\\x07')
    expect(html).toContain('href="/runs/00c0ffee#exchange-1"')
  })

  test('a run that an older Roundtrip kept is shown', async () => {
    const old = encodeEvidence([fixtureEvidence()]).replace(',"remarks":[]', '')
    expect(old).not.toContain('remarks')
    saveRun(server.paths.runs, { report: fixtureReport('0123abcd'), evidence: old, files: [] })
    const answer = await server.get('/runs/0123abcd')
    expect([answer.status, (await answer.text()).includes('Chromium opens /start')]).toEqual([
      200,
      true,
    ])
  })

  test('shows a long content only in part', async () => {
    const evidence = [fixtureEvidence({ body: 'x'.repeat(20_000) })]
    saveRun(server.paths.runs, {
      report: fixtureReport('00c0ffee'),
      evidence: encodeEvidence(evidence),
      files: [],
    })
    expect(await server.page('/runs/00c0ffee')).toContain('… 3616 bytes more')
  })
})
