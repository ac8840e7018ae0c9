import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

const items = new Set((process.env.ITEMS ?? 'carafe,teapot,kettle').split(','))

const server = createServer((request, response) => {
  const [path = '/'] = (request.url ?? '/').split('?')
  const [, name] = /^\/items\/([a-z]+)\/delete$/.exec(path) ?? []

  if (name !== undefined) {
    remove(name, request, response)
  } else if (path === '/items') {
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify([...items]))
  } else if (path === '/') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(page())
  } else {
    response.statusCode = 404
    response.end('Not found\n')
  }
})

function remove(name: string, request: IncomingMessage, response: ServerResponse): void {
  // By the method alone. What a prefetcher, a crawler or a mail scanner sends otherwise is its own
  // affair, and GET and HEAD promise all of them that asking changes nothing.
  if (request.method !== 'POST') {
    response.writeHead(405, { Allow: 'POST' })
    response.end('Only POST deletes.\n')
    return
  }
  // A set doesn't mind a name that it hasn't: somebody else may have been faster.
  items.delete(name)
  // The browser shows the list, with GET. A reload then asks for the list again, and posts nothing.
  response.writeHead(303, { Location: '/' })
  response.end()
}

function page(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Items of the shop</title>
<link rel="icon" href="data:,">
<h1>Items of the shop</h1>
<ul>${[...items].map(row).join('')}
</ul>
</html>
`
}

function row(name: string): string {
  return `
  <li id="${name}">
    ${name}
    <form method="post" action="/items/${name}/delete"><button>Delete</button></form>
  </li>`
}

server.listen(Number(process.env.PORT), '127.0.0.1')
