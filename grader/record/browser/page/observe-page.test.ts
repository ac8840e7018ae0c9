import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { closeBrowser } from '../browser.ts'
import { observePage } from './observe-page.ts'

const html = (body: string) => `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n${body}`
const answers: Record<string, string> = {
  '/page': html(
    '<title>x</title><p>Hello</p><script>document.body.append(" and a script")</script>',
  ),
  '/cut': 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello',
  '/none': 'hello',
  '/empty': 'HTTP/1.1 204 No Content\r\n\r\n',
}
let server: Server
beforeAll(async () => {
  server = createServer((socket) =>
    socket
      .on('error', () => {})
      .once('data', (request) => socket.end(answers[String(request).split(' ')[1]!] ?? html(''))),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  server.close()
  await closeBrowser()
})
const look = (path: string) =>
  observePage(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)

test('where no browser is at hand, nothing is seen', async () => {
  vi.stubEnv('PUPPETEER_EXECUTABLE_PATH', '/nowhere/chromium')
  expect(await look('/page')).toBeNull()
  vi.unstubAllEnvs()
})

test.each([
  ['/page', { status: 200, error: null, text: 'Hello' }],
  ['/cut', { status: 200, error: 'ERR_CONTENT_LENGTH_MISMATCH', text: '' }],
  ['/none', { status: null, error: 'ERR_INVALID_HTTP_RESPONSE', text: '' }],
  ['/empty', { status: 204, error: 'ERR_ABORTED', text: '' }],
])('%s', async (path, expected) => {
  const seen = await look(path)
  // How much of a page that breaks off is shown is a matter of moments.
  expect(expected.error === null ? seen : { ...seen, text: '' }).toEqual(expected)
})
