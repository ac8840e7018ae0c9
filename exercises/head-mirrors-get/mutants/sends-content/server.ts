// Misconception: HEAD is another word for GET, and its client drops the content.
import { createHash } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'

const server = createServer((socket) => {
  socket.on('error', () => {})
  socket.on('data', (request) => {
    const [method, path] = request.toString('latin1').split(' ')
    void answer(socket, method === 'HEAD', path ?? '/')
  })
})

server.listen(Number(process.env.PORT), '127.0.0.1')

async function answer(socket: Socket, isHead: boolean, path: string): Promise<void> {
  if (path === '/report') {
    const csv = report(Number(process.env.ROWS ?? 3))
    socket.write(
      head('200 OK', 'text/csv', `ETag: ${versionOf(csv)}`, `Content-Length: ${csv.length}`),
    )
    socket.write(csv)
  } else if (path === '/stream') {
    socket.write(head('200 OK', 'text/plain', 'Connection: close'))
    if (!isHead) for await (const line of lines()) socket.write(line)
    socket.end()
  } else {
    const content = 'Not found\n'
    socket.write(head('404 Not Found', 'text/plain', `Content-Length: ${content.length}`))
    socket.write(content)
  }
}

function head(status: string, type: string, ...fields: string[]): string {
  return [`HTTP/1.1 ${status}`, `Content-Type: ${type}`, ...fields, '', ''].join('\r\n')
}

// Given: the stock as CSV, one line for each item.
function report(rows: number): string {
  const items = Array.from(
    { length: rows },
    (_, index) => `item ${index + 1},${(index * 37) % 500}`,
  )
  return items.map((item) => `${item}\n`).join('')
}

// Given: a text that changes when the content does.
function versionOf(content: string): string {
  return `"${createHash('sha256').update(content).digest('hex').slice(0, 12)}"`
}

// Given: a stock count that is under way. Eight lines in two seconds.
async function* lines(): AsyncGenerator<string> {
  for (let shelf = 1; shelf <= 8; shelf++) {
    await setTimeout(250)
    yield `shelf ${shelf} is counted\n`
  }
}
