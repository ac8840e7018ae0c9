// Starts well and dies of the first request.
import { createServer } from 'node:http'

createServer((request) => {
  const session = request.headers['x-session'] as unknown as { id: string }
  console.log(session.id)
}).listen(Number(process.env.PORT), '127.0.0.1')
