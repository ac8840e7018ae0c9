import { createServer } from 'node:http'

const page = `<!doctype html>
<html lang="en">
<title>loading</title>
<link rel="stylesheet" href="/style.css">
<script type="module" src="/app.js"></script>
<h1>One page, many requests</h1>
<img src="/logo.svg" alt="A blue disc">
</html>
`

const style = `h1 {
  color: rgb(0, 90, 160);
}
`

const script = `document.title = 'ready'
`

const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">
  <circle cx="32" cy="32" r="30" fill="rgb(0, 90, 160)"/>
</svg>
`

const contents = new Map([
  ['/', page],
  ['/style.css', style],
  ['/app.js', script],
  ['/logo.svg', logo],
])

const server = createServer((request, response) => {
  const content = contents.get(request.url ?? '/')
  // TODO: Say of each part what it is, find it also when a query follows, and keep a log of all
  // that comes for /log.
  response.writeHead(content === undefined ? 404 : 200, {
    'Content-Type': 'text/html; charset=utf-8',
  })
  response.end(content ?? 'There is nothing at this address.\n')
})

server.listen(Number(process.env.PORT), '127.0.0.1')
