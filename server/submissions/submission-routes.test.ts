import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeEvidence } from '../../grader/index.ts'
import { fixtureCheck, fixtureEvidence, fixtureReport } from '../../testing/sample-grading.ts'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'

let server: FixtureServer
const evil = '<img src=x onerror=alert(1)>'
beforeEach(async () => {
  server = await startFixtureServer({
    files: {
      'exercises/say-hello/solution/server.ts': '// solved\nconst secret = 1\n',
      'exercises/say-hello/mutants/says-nothing/server.ts': `// Misconception: silence ${evil} is golden.\nconst secret = 2\n`,
      'exercises/say-hello/feedback/says-nothing.txt': `  ✓ It listens\n  ✗ It says hello\n\n      Why      Nobody heard ${evil}\n               a word.\n      See it   curl\n`,
    },
  })
})
afterEach(() => server.close())

const keep = async (
  verdict: 'passed' | 'failed',
  files = [{ path: 'server.ts', content: Buffer.from('// mine <b>\nconst secret = 1\n') }],
  run = '00c0ffee',
) =>
  (
    await server.store.addSubmission({
      report: fixtureReport(run, { verdict }),
      evidence: encodeEvidence([fixtureEvidence()]),
      files,
    })
  ).id

test('a submission that failed shows its files and its report, and not the reference', async () => {
  const html = await server.page(`/submissions/${await keep('failed')}`)
  expect(html).toContain('// mine &lt;b&gt;')
  expect(html).toContain('Not yet: 0 of 2')
  expect(html).toContain('GET /start')
  expect(html).not.toContain('solved')
  expect(html).not.toContain('class="diff"')
})

test('a submission that passed shows the reference beside it', async () => {
  const html = await server.page(`/submissions/${await keep('passed')}`)
  expect(html).toContain('Your solution and the reference')
  expect(html).toContain('// solved')
  expect(html).toContain('class="diff"')
  expect(html).toContain('<span class="sr-only">only in Yours, line </span>1')
})

test('a pass does not open the reference in an earlier submission that failed', async () => {
  const failed = await keep('failed', undefined, '00000001')
  await keep('passed', undefined, '00000002')
  expect(await server.page(`/submissions/${failed}`)).not.toContain('solved')
})

test('the same as the reference is said to be so', async () => {
  const content = Buffer.from('// solved\nconst secret = 1\n')
  expect(
    await server.page(`/submissions/${await keep('passed', [{ path: 'server.ts', content }])}`),
  ).toContain('the same, line for line')
})

test('a file the exercise does not list is shown, and compared with nothing', async () => {
  const html = await server.page(
    `/submissions/${await keep('passed', [{ path: '../../checks.ts', content: Buffer.from('x') }])}`,
  )
  expect(html).toContain('../../checks.ts')
  expect(html).not.toContain('Your solution and the reference')
})

describe('what others get wrong', () => {
  test('is told after a pass: the belief, what was said of it, the lines that differ', async () => {
    const html = await server.page(`/submissions/${await keep('passed')}`)
    expect(html).not.toMatch(/<img/i)
    const wrong = html.slice(html.indexOf('What others get wrong here'))
    expect(wrong).toContain('“Silence &lt;img src=x onerror=alert(1)&gt; is golden.”')
    expect(wrong).toContain('<p>Nobody heard &lt;img src=x onerror=alert(1)&gt; a word.</p>')
    expect(wrong).toContain('Fails: It says hello')
    expect(wrong).toContain('const secret = 2')
    expect(wrong).not.toContain('you met this one')
  })

  test('shows the lines of a patch beside those of the reference, and no others', async () => {
    const lines = Array.from({ length: 12 }, (_, index) => `const line${index + 1} = 1`)
    const dir = join(server.paths.root, 'exercises/say-hello')
    writeFileSync(join(dir, 'solution/server.ts'), `${lines.join('\n')}\n`)
    writeFileSync(
      join(dir, 'mutants/whispers.patch'),
      'Misconception: quiet is enough.\n--- server.ts\n+++ server.ts\n@@ -6,7 +6,7 @@\n const line6 = 1\n const line7 = 1\n const line8 = 1\n-const line9 = 1\n+const quiet = 1\n const line10 = 1\n const line11 = 1\n const line12 = 1\n',
    )
    const html = await server.page(`/submissions/${await keep('passed')}`)
    const wrong = html.slice(html.indexOf('id="wrong-whispers"'))
    expect(wrong).toContain('“Quiet is enough.”')
    const [difference] = /The lines that make the difference[\s\S]*?<\/details>/.exec(wrong)!
    expect(difference).toContain('<code>const quiet = 1</code>')
    expect(difference).toContain('<code>const line9 = 1</code>')
    expect(difference).toContain('5 equal lines')
    expect(difference).not.toContain('line5')
    expect(difference).not.toContain('Misconception')
  })

  test('names what the learner met on the way', async () => {
    const checks = [fixtureCheck({ diagnosis: { id: 'says-nothing', say: 'Nothing.' } })]
    await server.store.addSubmission({
      report: fixtureReport('00000001', { checks }),
      evidence: encodeEvidence([]),
      files: [],
    })
    expect(await server.page(`/submissions/${await keep('passed')}`)).toContain('you met this one')
  })

  test('is not told before', async () => {
    expect(await server.page(`/submissions/${await keep('failed')}`)).not.toMatch(
      /others get wrong|golden/,
    )
  })
})

describe('the way on', () => {
  test('after the last exercise leads to the course', async () => {
    expect(await server.page(`/submissions/${await keep('passed')}`)).toContain(
      'Every exercise of this course is passed.',
    )
  })

  test('is not shown after a failure', async () => {
    expect(await server.page(`/submissions/${await keep('failed')}`)).not.toContain('way-on')
  })
})

test('the reference is nowhere else', async () => {
  await keep('passed')
  for (const path of ['/', '/lessons/first-lesson', '/exercises/say-hello'])
    expect(await server.page(path)).not.toContain('solved')
})
