import { createServer, type Socket } from 'node:net'
import { Readable, Transform } from 'node:stream'

const text = process.env.TEXT ?? 'Four trains 🚆🚆🚆🚆 leave.'

/**
 * Makes a chunk of each piece that is written into it; one that was destroyed has no last chunk.
 */
class Chunks extends Transform {
  #count = 0

  override _transform(piece: Buffer, _: BufferEncoding, done: () => void) {
    this.push(`${piece.length.toString(16)};part=${++this.#count}\r\n`)
    this.push(piece)
    this.push('\r\n')
    done()
  }

  override _flush(done: () => void) {
    this.push('0\r\n\r\n')
    done()
  }
}

function pieces(size: number): Readable {
  const bytes = Buffer.from(text)
  const count = Math.ceil(bytes.length / size)
  return Readable.from(
    Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size)),
  )
}

function begin(socket: Socket, ...framing: string[]): void {
  const type = 'Content-Type: text/plain;charset=UTF-8'
  socket.write(['HTTP/1.1 200 OK', type, ...framing, '', ''].join('\r\n'))
}

const server = createServer((socket) => {
  socket.on('error', () => {})
  socket.on('data', (data) => {
    const [, path] = data.toString('latin1').split(' ')
    if (path === '/length') {
      begin(socket, `Content-Length: ${Buffer.byteLength(text)}`)
      pieces(50).pipe(socket, { end: false })
    } else if (path === '/chunked') {
      begin(socket, 'Transfer-Encoding: chunked')
      pieces(30).pipe(new Chunks()).pipe(socket, { end: false })
    } else if (path === '/close') {
      begin(socket, 'Connection: close')
      pieces(50).pipe(socket)
    } else if (path === '/broken') {
      begin(socket, 'Transfer-Encoding: chunked')
      const database = pieces(30)
      const chunks = new Chunks()
      let sent = 0
      database.on('data', (piece) => {
        if (sent++ < 4) chunks.write(piece)
        else if (!socket.writableEnded) socket.end()
      })
      chunks.pipe(socket, { end: false })
    } else {
      socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
    }
  })
})

server.listen(Number(process.env.PORT), '127.0.0.1')
