// Misconception: Content-Type is for the unusual; HTML is what every answer is.
import { createServer, type ServerResponse } from 'node:http'

const server = createServer((request, response) => {
  // This function runs once for each request. Whatever way it takes, it ends the response.
  switch (request.url) {
    case '/':
      return answer(response, 200, 'text/html', page(process.env.GREETING ?? ''))
    case '/time':
      return answer(response, 200, 'text/plain', `${new Date().toISOString()}\n`)
    default:
      return answer(response, 404, 'text/plain', 'There is nothing at this address.\n')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

function answer(response: ServerResponse, status: number, type: string, content: string): void {
  response.writeHead(
    status,
    type === 'text/html' ? {} : { 'Content-Type': `${type}; charset=utf-8` },
  )
  response.end(content)
}

function page(greeting: string): string {
  return `<!doctype html>
<html lang="en">
<title>A greeting</title>
<h1>${greeting}</h1>
</html>
`
}
