import { createServer } from 'node:http'

const server = createServer((request, response) => {
  // TODO: Report what came: path, query, host, headers and the length of the content.
  const report = { method: request.method }
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(report))
})

server.listen(Number(process.env.PORT), '127.0.0.1')
