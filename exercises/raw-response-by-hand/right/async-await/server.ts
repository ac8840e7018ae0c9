import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'

const page = `<!DOCTYPE html>
<meta charset="utf-8">
<h1>Sensor 7</h1>
<p>Its last words:</p>
<p class="message">${process.env.MESSAGE ?? ''}</p>
`

async function serve(socket: Socket) {
  let request = ''
  while (!request.includes('\r\n\r\n')) {
    const [piece] = await once(socket, 'data')
    request += piece.toString('latin1')
  }
  const [method, target] = request.split(' ')
  const isFound = method === 'GET' && target === '/'
  const content = Buffer.from(isFound ? page : 'There is no such page.\n', 'utf8')
  const fields = new Map<string, string | number>([
    ['Connection', 'close'],
    ['Content-Length', content.length],
    ['Content-Type', isFound ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8'],
    ['Cache-Control', 'no-store'],
  ])
  socket.write(isFound ? 'HTTP/1.1 200 OK\r\n' : 'HTTP/1.1 404 Not Found\r\n')
  for (const [name, value] of fields) socket.write(`${name}: ${value}\r\n`)
  socket.write('\r\n')
  // In two pieces, as a slow sensor would send it, and cut within a character.
  const middle = content.indexOf('é') + 1
  socket.write(content.subarray(0, middle))
  await setTimeout(50)
  socket.end(content.subarray(middle))
}

const server = createServer(async (socket) => {
  socket.on('error', () => {})
  try {
    await serve(socket)
  } catch {
    socket.destroy()
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')
