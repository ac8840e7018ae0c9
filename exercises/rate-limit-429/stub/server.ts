import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/orders') {
    // TODO: Ask for a key, and limit each key with a bucket of tokens.
    response.writeHead(201, { Location: `/orders/${randomUUID()}` }).end()
  } else if (request.url === '/stats') {
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ keys: 0 }))
  } else {
    response.writeHead(404).end('There is nothing at this address.\n')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')
