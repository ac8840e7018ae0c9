import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'

const server = createServer((socket) => {
  let received = ''
  socket.setEncoding('latin1')
  socket.on('error', () => socket.destroy())
  socket.on('data', (text: string) => {
    received += text
    if (received.includes('\r\n\r\n')) socket.end(answer(received), 'latin1')
  })
})

function answer(request: string): string {
  const [method, target = ''] = request.split(' ', 2)
  if (method === 'GET' && target === '/login') {
    const cookie = `Set-Cookie: session=${randomUUID()}${randomUUID()}; Path=/; Max-Age=3600`
    return message('200 OK', '<h1>Logged in</h1>', 'Content-Type: text/html', cookie)
  }
  if (method === 'GET' && target === '/whoami') {
    const cookies = /^cookie:(.*?)\r?$/im.exec(request)?.[1] ?? ''
    // Before the name: the start or a semicolon. After it: everything up to the next semicolon.
    const session = /(?:^|;)[ \t]*session[ \t]*=([^;]*)/.exec(cookies)?.[1]
    const json = JSON.stringify({ cookie: session?.trim() ?? null })
    return message('200 OK', json, 'Content-Type: application/json')
  }
  return message('404 Not Found', '')
}

function message(status: string, content: string, ...fields: string[]): string {
  const length = `Content-Length: ${Buffer.byteLength(content, 'latin1')}`
  const head = [`HTTP/1.1 ${status}`, ...fields, length, 'Connection: close']
  return `${head.join('\r\n')}\r\n\r\n${content}`
}

server.listen(Number(process.env.PORT), '127.0.0.1')
