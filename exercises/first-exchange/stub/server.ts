import { createServer } from 'node:http'

const server = createServer((request, response) => {
  console.log(`${request.method} ${request.url}`)
  // TODO: Look at what was asked, and answer / with the greeting, /time with the time, and
  // everything else with 404.
  response.end('Somebody asked.\n')
})

server.listen(Number(process.env.PORT), '127.0.0.1')
