import { createHash } from 'node:crypto'
import { createServer, type Socket } from 'node:net'

const server = createServer((socket) => {
  let received = ''
  socket.setEncoding('latin1').on('error', () => socket.destroy())
  socket.on('data', (text) => {
    received += text
    if (!received.includes('\r\n\r\n')) return
    const [method = '', target = ''] = received.split(' ')
    received = ''
    answer(socket, method, target)
  })
})

server.listen(Number(process.env.PORT), '127.0.0.1')

// One answer per connection, without a word about it, and the fields in lower case.
function answer(socket: Socket, method: string, target: string): void {
  const isHead = method === 'HEAD'
  if (target === '/report') {
    const rows = Array.from(
      { length: Number(process.env.ROWS) },
      (_, index) => `${index};${-index}\n`,
    )
    const content = Buffer.from(rows.join(''))
    const tag = createHash('md5').update(content).digest('base64')
    const fields = [`etag: W/"${tag}"`, `content-length: ${content.length}`, 'set-cookie: seen=1']
    socket.write(head('200 OK', 'text/csv', fields))
    socket.end(isHead ? '' : content)
  } else if (target === '/stream') {
    socket.write(head('200 OK', 'text/plain', []))
    if (isHead) socket.end()
    else sendSlowly(socket, 20)
  } else {
    const content = 'Nothing here.'
    const fields = [`content-length: ${content.length}`]
    socket.end(head('404 Not Found', 'text/plain', fields) + (isHead ? '' : content))
  }
}

function head(status: string, type: string, fields: readonly string[]): string {
  return [`HTTP/1.1 ${status}`, `content-type: ${type}`, ...fields, '', ''].join('\r\n')
}

function sendSlowly(socket: Socket, left: number): void {
  if (left === 0) return void socket.end('That was all.')
  socket.write(`${left} shelves to go\n`)
  setTimeout(() => sendSlowly(socket, left - 1), 100)
}
