// Misconception: chunked means that a size stands in front of the body.
import { createServer, type Socket } from 'node:net'

const text = Buffer.from(
  process.env.TEXT ?? 'Grüße aus 日本 ☕ 🚆, and some more so that it is worth cutting',
)

const server = createServer((socket) => {
  // A client may leave at any time. That is no reason to crash.
  socket.on('error', () => {})

  // One request comes in one piece on one machine, and its client waits for the answer before it
  // sends the next one.
  socket.on('data', (request) => {
    const [, path] = request.toString('latin1').split(' ')
    respond(socket, path ?? '/')
  })
})

server.listen(Number(process.env.PORT), '127.0.0.1')

function respond(socket: Socket, path: string): void {
  switch (path) {
    case '/length':
      socket.write(head('200 OK', `Content-Length: ${text.length}`))
      socket.write(text)
      break

    case '/chunked':
      socket.write(head('200 OK', 'Transfer-Encoding: chunked'))
      socket.write(chunk(text))
      socket.write('0\r\n\r\n')
      break

    case '/close':
      socket.write(head('200 OK', 'Connection: close'))
      socket.end(text)
      break

    case '/broken':
      socket.write(head('200 OK', 'Transfer-Encoding: chunked'))
      for (const part of parts(text).slice(0, 2)) socket.write(chunk(part))
      // The last chunk never comes: its absence is all that is left to say that something went
      // wrong.
      socket.end()
      break

    default:
      socket.write(head('404 Not Found', 'Content-Length: 0'))
  }
}

function head(status: string, framing: string): string {
  return [`HTTP/1.1 ${status}`, 'Content-Type: text/plain; charset=utf-8', framing, '', ''].join(
    '\r\n',
  )
}

/**
 * Quarters. A cut may go through the middle of a character: the reader puts bytes together before
 * it reads characters.
 */
function parts(bytes: Buffer): Buffer[] {
  const size = Math.ceil(bytes.length / 4)
  return [0, 1, 2, 3].map((index) => bytes.subarray(index * size, (index + 1) * size))
}

function chunk(part: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')])
}
