// A right solution of cookies-set-and-return that writes its answers byte by byte, one connection
// each.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'

createServer((socket) => {
  let received = ''
  socket.setEncoding('latin1')
  socket.on('error', () => {})
  socket.on('data', (text) => {
    received += String(text)
    const end = received.indexOf('\r\n\r\n')
    if (end !== -1) socket.end(answerTo(received.slice(0, end)))
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

function answerTo(head: string): string {
  const [requestLine, ...fields] = head.split('\r\n')
  const path = requestLine!.split(' ')[1]!.split('?')[0]
  if (path === '/login')
    return answer(
      '200 OK',
      '<p>You are logged in.</p>',
      `Set-Cookie: session=${randomBytes(16).toString('hex')}; Path=/\r\n`,
    )
  if (path === '/whoami') return answer('200 OK', JSON.stringify({ cookie: session(fields) }))
  return answer('404 Not Found', 'Not found\n')
}

function answer(status: string, body: string, fields = ''): string {
  return `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n${fields}\r\n${body}`
}

function session(fields: string[]): string | null {
  const field = fields.find((each) => /^cookie:/i.test(each))
  const pair = field
    ?.slice('cookie:'.length)
    .split(';')
    .map((each) => each.trim())
    .find((each) => each.startsWith('session='))
  return pair === undefined ? null : pair.slice('session='.length)
}
