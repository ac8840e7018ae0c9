import { createServer } from 'node:net'

const server = createServer((socket) => {
  socket.on('data', (piece) => {
    // TODO: Collect pieces until the head is there, then answer with what it says.
    console.log(piece.toString('latin1'))
    socket.end('HTTP/1.1 501 Not Implemented\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  })
  // A client may go away in the middle; that must not end the program.
  socket.on('error', () => socket.destroy())
})

server.listen(Number(process.env.PORT), '127.0.0.1')
