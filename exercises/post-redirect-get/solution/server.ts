import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { readForm, type Signature } from './form.ts'
import { guestbookPage, thanksPage, type Entry } from './pages.ts'

const entries: Entry[] = []

const server = createServer((request, response) => {
  const [path = '/'] = (request.url ?? '/').split('?')
  const [, id] = /^\/thanks\/([^/]+)$/.exec(path) ?? []

  if (path === '/sign') {
    void sign(request, response)
  } else if (id !== undefined) {
    thank(id, response)
  } else if (path === '/entries') {
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(entries))
  } else if (path === '/') {
    sendPage(response, guestbookPage(entries))
  } else {
    refuse(response, 404, 'Not found')
  }
})

async function sign(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'POST')
    refuse(response, 405, 'Send the form with POST')
    return
  }
  let form: Signature
  try {
    form = await readForm(request)
  } catch {
    refuse(response, 400, 'The form has not come as a whole')
    return
  }
  // Nothing is waited for from here on, so no other request can take the same number.
  const id = entries.length + 1
  entries.push({ id, ...form })
  // The page that stays on the screen is asked for with GET, so a reload may ask for it again.
  response.writeHead(303, { Location: `/thanks/${id}` })
  response.end()
}

function thank(id: string, response: ServerResponse): void {
  const entry = entries.find((entry) => String(entry.id) === id)
  if (entry === undefined) refuse(response, 404, 'There is no such entry')
  else sendPage(response, thanksPage(entry))
}

function sendPage(response: ServerResponse, page: string): void {
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(page)
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.statusCode = status
  response.end(`${why}\n`)
}

server.listen(Number(process.env.PORT), '127.0.0.1')
