import { createServer } from 'node:http'
import { site } from './site.ts'

const server = createServer((request, response) => {
  // TODO: Send visitors of the old addresses to the new ones, each with the status that fits.
  void site(request, response)
})

server.listen(Number(process.env.PORT), '127.0.0.1')
