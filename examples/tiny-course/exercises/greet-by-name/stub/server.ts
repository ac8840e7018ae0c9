import { createServer } from 'node:http'

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const respond = (status: number, body: unknown) => {
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /greeting':
      // TODO: Greet the client by the name in its request.
      respond(404, { error: 'not found' })
      break
    default:
      respond(404, { error: 'not found' })
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')
