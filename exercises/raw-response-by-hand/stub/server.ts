import { createServer } from 'node:net'

const message = process.env.MESSAGE ?? 'Hello, café ☕'

const server = createServer((socket) => {
  // A client may leave at any time. That is no reason to crash.
  socket.on('error', () => {})

  // Requests this small come in one piece on one machine. The lesson before this one deals with
  // those that do not.
  socket.once('data', (request) => {
    const [method, path] = request.toString('latin1').split(' ')
    console.log(method, path)

    // TODO: Send the page at /, and a 404 for every other path. So far nobody could call this a
    // response.
    socket.end(`<p>${message}</p>\n`)
  })
})

server.listen(Number(process.env.PORT), '127.0.0.1')
