import { createServer } from 'node:http'
import { actions } from './actions.ts'

const server = createServer((request, response) => {
  const [path = '/'] = (request.url ?? '/').split('?')
  const action = actions[path]
  if (!action) {
    response.writeHead(404).end('There is nothing at this address.\n')
    return
  }
  // TODO: Call the action so that its failure is answered, logged, and harms nobody else.
  action(request, response)
})

server.listen(Number(process.env.PORT), '127.0.0.1')
