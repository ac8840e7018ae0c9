import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { editPage } from './edit-page.ts'

const texts = new Map([['menu', process.env.MENU ?? 'leek soup']])

const server = createServer((request, response) => {
  const [path = '/'] = (request.url ?? '/').split('?')
  const [, name = ''] = /^\/texts\/([a-z]+)$/.exec(path) ?? []
  const current = texts.get(name)

  if (path === '/edit') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(editPage)
  } else if (name && request.method === 'PUT') {
    // First the whole content. While it comes, others may save.
    const save = (content: string) => put(name, content, request.headers, response)
    text(request).then(save, () => response.destroy())
  } else if (current !== undefined) {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8')
    response.setHeader('ETag', tagOf(current))
    response.end(current)
  } else {
    response.writeHead(404).end('Not found\n')
  }
})

/** Compares and stores without an await in between, so nobody else can save in the meantime. */
function put(
  name: string,
  content: string,
  headers: IncomingHttpHeaders,
  response: ServerResponse,
): void {
  const current = texts.get(name)
  const status = judge(headers, current)
  if (status < 300) texts.set(name, content)

  const now = texts.get(name)
  if (now !== undefined) response.setHeader('ETag', tagOf(now))
  response.writeHead(status).end()
}

/** What a PUT with these fields is answered where `current` is stored. */
function judge(headers: IncomingHttpHeaders, current: string | undefined): number {
  const ifMatch = headers['if-match']
  if (headers['if-none-match'] === '*') return current === undefined ? 201 : 412
  if (ifMatch === undefined) return 428
  if (current === undefined) return 412
  return ifMatch === '*' || tagsIn(ifMatch).includes(tagOf(current)) ? 204 : 412
}

/** `"a", W/"b"` has two tags. The weak one keeps its W/, so it equals no tag of ours. */
function tagsIn(list: string): string[] {
  return list.match(/(?:W\/)?"[^"]*"/g) ?? []
}

/** Another text has another hash, so it has another tag. */
function tagOf(content: string): string {
  return `"${createHash('sha256').update(content).digest('base64url')}"`
}

server.listen(Number(process.env.PORT), '127.0.0.1')
