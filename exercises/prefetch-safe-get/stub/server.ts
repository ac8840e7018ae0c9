import { createServer } from 'node:http'

// Given: the names of the items that the shop has.
const items = new Set((process.env.ITEMS ?? 'carafe,teapot,kettle').split(','))

const server = createServer((request, response) => {
  const [path = '/'] = (request.url ?? '/').split('?')
  const [, name] = /^\/items\/([a-z]+)\/delete$/.exec(path) ?? []

  // TODO: Let nothing be deleted by a request that only asks, and give each item a button.
  if (name !== undefined) {
    items.delete(name)
    response.writeHead(302, { Location: '/' })
    response.end()
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
  <li id="${name}">${name} <a href="/items/${name}/delete">Delete</a></li>`
}

server.listen(Number(process.env.PORT), '127.0.0.1')
