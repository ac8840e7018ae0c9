import { createServer, type ServerResponse } from 'node:http'
import { guestbookPage, type Entry } from './pages.ts'

const entries: Entry[] = []

const server = createServer((request, response) => {
  const [path = '/'] = (request.url ?? '/').split('?')

  if (path === '/entries') {
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(entries))
  } else if (path === '/') {
    sendPage(response, guestbookPage(entries))
  } else {
    // TODO: Store what the form sends to /sign, and give each entry its page at /thanks/….
    response.statusCode = 404
    response.end('Not found\n')
  }
})

function sendPage(response: ServerResponse, page: string): void {
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(page)
}

server.listen(Number(process.env.PORT), '127.0.0.1')
