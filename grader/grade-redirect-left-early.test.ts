import { afterAll, expect, test } from 'vitest'
import { closeBrowser } from './record/browser/browser.ts'
import { writtenExercises } from '../testing/written-exercises.ts'

const written = writtenExercises()
afterAll(closeBrowser)
afterAll(written.remove)

/** The content of its answer to /sign comes later than its head, or never. */
const program = (status: string, content: string) => `import { createServer } from 'node:http'
createServer((request, response) => {
  if (request.url === '/sign') {
    response.writeHead(${status}, { Location: '/thanks', Connection: 'close', 'Content-Length': 9 })
    response.flushHeaders()
    ${content}
    return
  }
  response.setHeader('Content-Type', 'text/html')
  response.end('<!doctype html><link rel="icon" href="data:,"><form method="post" action="/sign"><button>Sign</button></form>')
}).listen(Number(process.env.PORT), '127.0.0.1')
`
const LATE = "setTimeout(() => response.end('See /next'), 400)"

const checks = `const signed = scenario('Chromium signs', {
  async record({ newPage }) {
    const page = await newPage()
    await page.open('/')
    return { lead: await page.leads(() => page.click('button')) }
  },
  facts: ({ lead }) => ({ post: present(lead.document, 'POST /sign'), led: lead.followed.length }),
})
const redirects = check('It redirects', signed, {
  verify: ({ post, led }, expect) => {
    expect(post).toHaveStatus(303).toHaveHeader('Location', '/thanks')
    expect(led, 'pages it led to').toBe(1)
  },
})
export default { redirects }`

async function outcome(status: string, content: string) {
  const graded = await written.grade({
    kind: 'server',
    checks,
    program: program(status, content),
  })
  const redirects = graded.report.checks.find(({ id }) => id === 'redirects')
  const failed = redirects?.findings.find(({ holds }) => !holds)
  return failed ? failed.received : redirects?.outcome
}

test.each([LATE, "response.write('See')", "response.end('See /next')"])(
  'a redirect is answered when Chromium has followed it, whatever comes of its content: %s',
  async (content) => {
    expect(await outcome('303', content)).toBe('passed')
  },
)

test('what is no redirect has to come to its end', async () => {
  expect(await outcome('200', "response.write('See')")).toMatch(
    /^the head came, the content never ended \(3 bytes /,
  )
})
