// Resets every connection as soon as a request arrives.
import { createServer } from 'node:net'

createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', () => socket.resetAndDestroy())
}).listen(Number(process.env.PORT), '127.0.0.1')
