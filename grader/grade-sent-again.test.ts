import { afterAll, expect, test } from 'vitest'
import { closeBrowser } from './record/browser/browser.ts'
import { writtenExercises } from '../testing/written-exercises.ts'

const written = writtenExercises()
afterAll(closeBrowser)
afterAll(written.remove)

/** Ends a connection as soon as a POST comes over it that is not its first request. */
const program = `import { createServer } from 'node:http'
const used = new WeakSet()
createServer((request, response) => {
  if (request.method === 'POST' && used.has(request.socket)) return request.socket.destroy()
  used.add(request.socket)
  response.setHeader('Content-Type', 'text/html')
  response.end('<!doctype html><link rel="icon" href="data:,"><p>paid')
}).listen(Number(process.env.PORT), '127.0.0.1')
`

const checks = `const paid = scenario('Chromium pays', {
  async record({ newPage, exchanges }) {
    const page = await newPage()
    await page.open('/')
    await page.evaluate("fetch('/pay', { method: 'POST' }).then((answer) => answer.text())")
    return { posts: exchanges().filter(({ request }) => request.method === 'POST') }
  },
})
const once = check('It is paid once', paid, {
  verify: ({ posts }, expect) => {
    expect(posts.length, 'POSTs').toBe(1)
    expect(posts[0]).toHaveStatus(200)
  },
})
export default { once }`

test('what Chromium sent again by itself is among the exchanges once, and the wire has both', async () => {
  const { report, evidence } = await written.grade({ kind: 'server', checks, program })
  expect(report.checks.find(({ id }) => id === 'once')?.outcome).toBe('passed')
  const recorded = evidence.flatMap(({ exchanges }) => exchanges)
  expect(recorded.filter(({ request }) => request.method === 'POST')).toHaveLength(2)
})
