// Misconception: one answer is made at a time, so variables can hold it until it is sent.
import { createServer } from 'node:http'

let type = 'text/html'
let content = ''

const server = createServer(async (request, response) => {
  if (request.url === '/') {
    type = 'text/html'
    content = page(process.env.GREETING ?? '')
  } else if (request.url === '/time') {
    type = 'text/plain'
    content = `${new Date().toISOString()}\n`
  } else {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' })
    response.end('There is nothing at this address.\n')
    return
  }

  // As if each visit were written into a database first.
  await new Promise((resolve) => setTimeout(resolve, 300))
  response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` })
  response.end(content)
})

server.listen(Number(process.env.PORT), '127.0.0.1')

function page(greeting: string): string {
  return `<!doctype html>
<html lang="en">
<title>A greeting</title>
<link rel="icon" href="data:,">
<h1>${greeting}</h1>
</html>
`
}
