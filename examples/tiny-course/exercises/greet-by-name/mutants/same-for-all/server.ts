// Misconception: A greeting need not look at who asks.
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const respond = (status: number, body: unknown) => {
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /greeting':
      respond(200, { greeting: 'Hello, friend' })
      break
    default:
      respond(404, { error: 'not found' })
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')
