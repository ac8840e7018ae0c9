import { createServer, type ServerResponse } from 'node:http'

interface Note {
  readonly id: number
  readonly text: string
}

const notes: Note[] = []

const server = createServer((request, response) => {
  const [path] = (request.url ?? '/').split('?')

  // TODO: Create a note for each POST, say where it is, and answer there.
  if (request.method === 'GET' && path === '/notes') {
    sendJson(response, 200, notes)
  } else {
    refuse(response, 404, 'There is nothing here.')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(value))
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`${reason}\n`)
}
