import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { actions, type Action } from './actions.ts'

const limit = Number(process.env.LIMIT_MS)

const server = createServer((request, response) => {
  const [path = '/'] = (request.url ?? '/').split('?')
  const action = actions[path]
  if (!action) {
    response.writeHead(404).end('There is nothing at this address.\n')
    return
  }
  run(action, request, response)
})

async function run(
  action: Action,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const timer = setTimeout(() => giveUp(response), limit)
  try {
    await action(request, response)
  } catch (error) {
    fail(response, error)
  } finally {
    clearTimeout(timer)
  }
}

function fail(response: ServerResponse, error: unknown): void {
  const instance = `urn:uuid:${randomUUID()}`
  console.error(instance, error)
  // The status has left already, so only a broken connection can still say that this went wrong.
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(500, { 'Content-Type': 'application/problem+json' })
  response.end(JSON.stringify({ title: 'Something failed on our side.', status: 500, instance }))
}

function giveUp(response: ServerResponse): void {
  if (response.headersSent) return
  response.writeHead(503, { 'Retry-After': '5', 'Content-Type': 'text/plain; charset=utf-8' })
  response.end('This takes too long. Please try again later.\n')
}

server.listen(Number(process.env.PORT), '127.0.0.1')
