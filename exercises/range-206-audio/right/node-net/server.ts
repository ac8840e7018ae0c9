import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'

const server = createServer((socket) => {
  let received = ''
  socket.setEncoding('latin1').on('error', () => socket.destroy())
  socket.on('data', (text) => {
    received += text
    if (!received.includes('\r\n\r\n')) return
    const head = received
    received = ''
    const [method = '', target = ''] = head.split(' ')
    if (target === '/song.wav') sendSong(socket, method, head)
    else if (target === '/')
      answer(
        socket,
        '200 OK',
        ['content-type: text/html'],
        [Buffer.from('<!DOCTYPE html><audio src=/song.wav>')],
      )
    else answer(socket, '404 Not Found', ['content-type: text/plain'], [Buffer.from('?')])
  })
})

server.listen(Number(process.env.PORT), '127.0.0.1')

// Refuses what it may refuse. One answer per connection, and no length but the connection's end.
function sendSong(socket: Socket, method: string, head: string): void {
  const handle = openSync(process.env.FILE ?? '', 'r')
  const { size, mtimeMs, ino } = fstatSync(handle)
  const tag = `"${ino}.${mtimeMs}.${size}"`
  const fields = ['content-type: audio/wav', 'accept-ranges: bytes', `etag: ${tag}`]
  const condition = fieldOf(head, 'if-range')
  const range = condition && condition !== tag ? '' : fieldOf(head, 'range')
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? []
  const first = from ? Number(from) : Math.max(0, size - Number(to))
  const last = from && to ? Math.min(Number(to), size - 1) : size - 1

  if (method === 'HEAD') {
    socket.end(headOf('200 OK', [...fields, `content-length: ${size}`]))
  } else if (!range.startsWith('bytes')) {
    answer(socket, '200 OK', fields, pieces(handle, 0, size - 1))
  } else if (first > last || (!from && !to)) {
    fields.push(`content-range: bytes */${size}`)
    answer(socket, '416 Range Not Satisfiable', fields, [])
  } else {
    fields.push(`content-range: bytes ${first}-${last}/${size}`)
    answer(socket, '206 Partial Content', fields, pieces(handle, first, last))
  }
  closeSync(handle)
}

function fieldOf(head: string, name: string): string {
  const line = head.split('\r\n').find((each) => each.toLowerCase().startsWith(`${name}:`)) ?? ''
  return line.slice(name.length + 1).trim()
}

function answer(
  socket: Socket,
  status: string,
  fields: readonly string[],
  content: Iterable<Uint8Array>,
): void {
  socket.write(headOf(status, fields))
  for (const piece of content) socket.write(piece)
  socket.end()
}

function headOf(status: string, fields: readonly string[]): string {
  return [`HTTP/1.1 ${status}`, ...fields, 'connection: close', '', ''].join('\r\n')
}

function* pieces(handle: number, first: number, last: number): Generator<Uint8Array> {
  for (let at = first; at <= last;) {
    const piece = Buffer.alloc(Math.min(65_536, last - at + 1))
    at += readSync(handle, piece, 0, piece.length, at)
    yield piece
  }
}
