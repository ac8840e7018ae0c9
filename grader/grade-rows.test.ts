import { afterAll, describe, expect, test } from 'vitest'
import type { Grading } from './grade-options.ts'
import { closeBrowser } from './record/browser/browser.ts'
import { writtenExercises } from '../testing/written-exercises.ts'

const { grade, remove } = writtenExercises()
afterAll(closeBrowser)
afterAll(remove)

const outcomes = ({ error, checks }: Grading['report']) =>
  error ?? checks.map((each) => each.error ?? each.outcome)

describe('request-id: strange ids are replaced, and nobody waits for ever', () => {
  const checks = `import { atLeast, field, rule, seconds, waitsBetween } from '#grader'
const ids = [['too long', 'x'.repeat(500)], ['with blanks', 'a b'], ['as HTML', '<script>'], ['empty', '']]
const visit = scenario('Requests come with strange ids', {
  setUp: () => ({ environment: { LIMIT_MS: '300' } }),
  async record({ send, critical }) {
    const cases = []
    for (const [name, id] of ids) cases.push({ name, id, exchange: await send({ path: '/', headers: [['Request-Id', id]] }) })
    const hanging = await critical(async () => [await send('/hangs'), await send('/hangs')])
    return { cases, hanging }
  },
})
const hostile = check('Unacceptable ids were replaced', visit, {
  verify: ({ cases }, expect) => expect.each(cases, ({ exchange, id }, expect) => {
    expect(exchange).toHaveStatus(200).toHaveHeader('Request-Id', matching('a new id', (value) => /^[\\w.-]{1,64}$/.test(value)))
  }),
  diagnose: { reflects: rule({ when: ({ cases }) => cases.find(({ exchange, id }) => id.includes('<') && field(exchange, 'Request-Id') === id), say: ({ name }) => 'An id ' + name + ' came back.' }) },
})
const givesUp = check('Work that never ends is given up', visit, { verify: ({ hanging }, expect) => {
  expect(hanging[0]).toBeAnsweredWithin(2).toHaveStatus(503)
  expect(waitsBetween(hanging)[0], 'the wait between').toBe(seconds(0, 60))
} })
export default { hostile, givesUp }`
  const program = `import { createServer } from 'node:http'
createServer((request, response) => {
  const id = request.headers['request-id'] ?? ''
  response.setHeader('Request-Id', /^[\\w.-]{1,64}$/.test(String(id)) ? id : 'new')
  if (request.url === '/hangs') setTimeout(() => response.writeHead(503).end(), Number(process.env.LIMIT_MS))
  else response.end()
}).listen(Number(process.env.PORT), '127.0.0.1')
`

  test('by a right program', async () => {
    const { report } = await grade({ kind: 'server', checks, program })
    expect(outcomes(report)).toEqual(['passed', 'passed', 'passed'])
  })

  test('and not by one that reflects them: the row that the Why speaks of is shown', async () => {
    const reflecting = program.replace("? id : 'new'", '? id : id')
    const { report } = await grade({ kind: 'server', checks, program: reflecting })
    const { findings, diagnosis, exhibits, reproduce } = report.checks[1]!
    expect(findings.find(({ holds }) => !holds)).toMatchObject({
      expected: 'as HTML: Request-Id: a new id',
      received: 'Request-Id: <script>',
    })
    expect(diagnosis?.say).toBe('An id as HTML came back.')
    expect(reproduce.at(-1)).toContain("-H 'Request-Id: <script>'")
    expect(exhibits).toMatchObject([{ title: '0 of 4 held' }])
  })
})
