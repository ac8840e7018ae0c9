import { createServer } from 'node:http'

const server = createServer((request, response) => {
  const [path = '/'] = (request.url ?? '/').split('?')
  const [, name] = /^\/profiles\/([^/]+)$/.exec(path) ?? []

  if (name === undefined) {
    response.statusCode = 404
    response.end('Not found\n')
    return
  }

  // TODO: Store, show and remove the profile at this address.
  response.statusCode = 501
  response.end(`${request.method} doesn't work yet\n`)
})

server.listen(Number(process.env.PORT), '127.0.0.1')
