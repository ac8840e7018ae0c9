import { createServer } from 'node:http'

const server = createServer((request, response) => {
  // TODO: Ask the upstream in the client's place, and hand its answer back.
  response.writeHead(501, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`This gateway doesn't pass anything on to ${process.env.UPSTREAM} yet.\n`)
})

server.listen(Number(process.env.PORT), '127.0.0.1')
