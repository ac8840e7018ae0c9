import { createServer } from 'node:http'

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const respond = (status: number, body: unknown) => {
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  if (request.method !== 'GET' || url.pathname !== '/roman')
    return respond(404, { error: 'not found' })

  // TODO: Write the number in Roman numerals, or refuse it.
  respond(200, { roman: url.searchParams.get('number') })
})

server.listen(Number(process.env.PORT), '127.0.0.1')
