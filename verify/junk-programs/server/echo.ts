// Sends back what it is sent: what looks like HTTP is a request.
import { createServer } from 'node:net'

createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(
  Number(process.env.PORT),
  '127.0.0.1',
)
