// Misconception: an answer is being made for one request at a time, so variables of the program can
// hold it until it is sent.
import { createServer } from 'node:http'

let status = 200
let type = 'text/html'
let content = ''

const server = createServer(async (request, response) => {
  if (request.url === '/') {
    status = 200
    type = 'text/html'
    content = page(process.env.GREETING ?? '')
  } else if (request.url === '/time') {
    status = 200
    type = 'text/plain'
    content = `${new Date().toISOString()}\n`
  } else {
    status = 404
    type = 'text/plain'
    content = 'There is nothing at this address.\n'
  }

  // As if each visit were written into a database first.
  await new Promise((resolve) => setTimeout(resolve, 100))
  response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8` })
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
