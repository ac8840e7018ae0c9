import { createServer, type ServerResponse } from 'node:http'

interface Note {
  readonly id: number
  readonly text: string
}

const notes: Note[] = []

const server = createServer((request, response) => {
  const [path] = (request.url ?? '/').split('?')

  if (request.method === 'POST' && path === '/notes') {
    // A character may be cut between two pieces, so bytes become text only when all are there.
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => create(Buffer.concat(chunks).toString('utf8'), response))
  } else if (request.method === 'GET' && path === '/notes') {
    sendJson(response, 200, notes)
  } else {
    const note = notes.find(({ id }) => path === `/notes/${id}`)
    if (request.method === 'GET' && note) sendJson(response, 200, note)
    else refuse(response, 404, 'There is nothing here.')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

function create(text: string, response: ServerResponse): void {
  if (text === '') {
    refuse(response, 400, 'A note needs a text.')
    return
  }
  // Nothing else runs between these two lines, so no other note gets the same id.
  const note = { id: notes.length + 1, text }
  notes.push(note)
  response.setHeader('Location', `/notes/${note.id}`)
  sendJson(response, 201, note)
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(value))
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`${reason}\n`)
}
