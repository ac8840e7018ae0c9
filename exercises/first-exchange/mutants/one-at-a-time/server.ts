// Misconception: there is one request at a time, so one place to remember its response is enough.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

let request: IncomingMessage | undefined
let response: ServerResponse

const server = createServer((incoming, outgoing) => {
  request = incoming
  response = outgoing
  // As if the page had to be read from somewhere first.
  setTimeout(handle, 700)
})

server.listen(Number(process.env.PORT), '127.0.0.1')

function handle(): void {
  const url = request?.url
  if (url === undefined) return
  request = undefined
  if (url === '/') answer(200, 'text/html', page(process.env.GREETING ?? ''))
  else if (url === '/time') answer(200, 'text/plain', `${new Date().toISOString()}\n`)
  else answer(404, 'text/plain', 'There is nothing at this address.\n')
}

function answer(status: number, type: string, content: string): void {
  response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8` })
  response.end(content)
}

function page(greeting: string): string {
  return `<!doctype html>
<html lang="en">
<title>A greeting</title>
<link rel="icon" href="data:,">
<h1>${greeting}</h1>
</html>
`
}
