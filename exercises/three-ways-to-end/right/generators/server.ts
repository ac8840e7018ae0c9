import { createServer, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'

const text = process.env.TEXT ?? 'Grüße ☕'
const bytes = new TextEncoder().encode(text)
const type = 'content-type: text/plain; charset=utf-8\r\n'

async function* length() {
  yield `HTTP/1.1 200 OK\r\n${type}content-length: ${bytes.length}\r\n\r\n`
  yield text
}

/** One chunk for each sentence, as far as `count` goes. */
async function* someChunks(count = Infinity) {
  yield `HTTP/1.1 200 OK\r\n${type}transfer-encoding: chunked\r\n\r\n`
  for (const sentence of text.match(/[^,]+,?/g)!.slice(0, count)) {
    yield `${Buffer.byteLength(sentence).toString(16).toUpperCase()}\r\n${sentence}\r\n`
    await setTimeout(5)
  }
}

async function* chunked() {
  yield* someChunks()
  yield '0\r\n\r\n'
}

async function* close(socket: Socket) {
  yield `HTTP/1.1 200 OK\r\n${type}\r\n`
  yield text
  socket.end()
}

async function* broken(socket: Socket) {
  yield* someChunks(3)
  // The client has read what came so far; a reset says that there is no more.
  await setTimeout(100)
  socket.resetAndDestroy()
}

async function* missing() {
  yield 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'
}

const answers = new Map<string, (socket: Socket) => AsyncGenerator<string>>([
  ['/length', length],
  ['/chunked', chunked],
  ['/close', close],
  ['/broken', broken],
])

async function serve(socket: Socket) {
  let unread = ''
  for await (const piece of socket.setEncoding('latin1')) {
    unread += piece
    while (unread.includes('\r\n\r\n')) {
      const [, path = ''] = unread.split(' ', 2)
      unread = unread.slice(unread.indexOf('\r\n\r\n') + 4)
      for await (const part of (answers.get(path) ?? missing)(socket)) socket.write(part)
    }
  }
}

createServer((socket) => {
  socket.on('error', () => {})
  // A connection that was reset ends the loop with an error.
  serve(socket).catch(() => socket.destroy())
}).listen(Number(process.env.PORT), '127.0.0.1')
