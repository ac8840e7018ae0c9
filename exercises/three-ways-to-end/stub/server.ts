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
  const head = ['HTTP/1.1 200 OK', 'Content-Type: text/plain; charset=utf-8']

  // TODO: Say in the head where the body ends, and let it end there: each path in its own way.
  socket.write([...head, '', ''].join('\r\n'))
  socket.write(text)
  console.log(path, text.length, 'bytes')
}
