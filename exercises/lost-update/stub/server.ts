import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { editPage } from './edit-page.ts'

const texts = new Map([['menu', process.env.MENU ?? 'leek soup']])

const server = createServer((request, response) => {
  const [path = '/'] = (request.url ?? '/').split('?')
  const [, name = ''] = /^\/texts\/([a-z]+)$/.exec(path) ?? []
  const current = texts.get(name)

  // TODO: Give every text a tag, and save only what the request's precondition permits.
  if (path === '/edit') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(editPage)
  } else if (name && request.method === 'PUT') {
    const save = (content: string) => {
      texts.set(name, content)
      response.writeHead(204).end()
    }
    text(request).then(save, () => response.destroy())
  } else if (current !== undefined) {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8')
    response.end(current)
  } else {
    response.writeHead(404).end('Not found\n')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')
