// Answers everything with bytes that are no HTTP.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'

createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', () => socket.end(randomBytes(400)))
}).listen(Number(process.env.PORT), '127.0.0.1')
