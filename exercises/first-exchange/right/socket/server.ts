import { createServer, type Socket } from 'node:net'

const server = createServer((socket) => {
  let received = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1')
    // Requests without content: each ends with the empty line after its head.
    for (let end = received.indexOf('\r\n\r\n'); end !== -1; end = received.indexOf('\r\n\r\n')) {
      const [, target = ''] = received.split(' ', 2)
      received = received.slice(end + 4)
      answer(socket, target)
    }
  })
})

server.listen(Number(process.env.PORT), '127.0.0.1')

function answer(socket: Socket, target: string): void {
  if (target === '/') {
    const page = `<!DOCTYPE html><html><body><H1>${process.env.GREETING}</H1></body></html>`
    write(socket, '200 OK', 'TEXT/HTML;CHARSET=UTF-8', page)
  } else if (target === '/time') {
    write(socket, '200 OK', 'text/plain', new Date().toISOString())
  } else {
    write(socket, '404 Not Found', 'text/plain', 'Sorry, this page does not exist.')
  }
}

function write(socket: Socket, status: string, type: string, content: string): void {
  const length = Buffer.byteLength(content)
  socket.write(
    `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n${content}`,
  )
}
