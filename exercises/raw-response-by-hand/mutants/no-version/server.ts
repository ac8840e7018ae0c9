// Misconception: that a response begins with its status code.
import { createServer, type Socket } from 'node:net'

const message = process.env.MESSAGE ?? 'Hello, café ☕'

const server = createServer((socket) => {
  // A client may leave at any time. That is no reason to crash.
  socket.on('error', () => {})

  // Requests this small come in one piece on one machine. The lesson before this one deals with
  // those that do not.
  socket.once('data', (request) => {
    const [, path] = request.toString('latin1').split(' ')
    if (path === '/') respond(socket, '200 OK', 'text/html; charset=utf-8', page(message))
    else respond(socket, '404 Not Found', 'text/plain; charset=utf-8', 'Nothing is here.\n')
  })
})

server.listen(Number(process.env.PORT), '127.0.0.1')

function respond(socket: Socket, status: string, type: string, text: string): void {
  // Bytes first: only they have the length that the head names.
  const content = Buffer.from(text, 'utf8')
  const head = [
    status,
    `Date: ${new Date().toUTCString()}`,
    `Content-Type: ${type}`,
    `Content-Length: ${content.length}`,
    // What is true anyway should be said: this server answers once per connection.
    'Connection: close',
    '',
    '',
  ].join('\r\n')
  socket.end(Buffer.concat([Buffer.from(head, 'latin1'), content]))
}

function page(text: string): string {
  return `<!doctype html>
<html lang="en">
<title>By hand</title>
<link rel="icon" href="data:,">
<p>${text}</p>
</html>
`
}
