import { createServer, type ServerResponse } from 'node:http'
import { site } from './site.ts'

const date = process.env.DATE ?? '2026-12-01'

const server = createServer((request, response) => {
  const target = request.url ?? '/'
  const [path = '/'] = target.split('?')

  if (request.method === 'GET' && path.startsWith('/blog/')) {
    // The rest of the target goes along as it came, with the query.
    redirect(response, 301, `/articles/${target.slice('/blog/'.length)}`)
  } else if (request.method === 'GET' && path === '/today') {
    // Nobody may remember this one, because tomorrow it leads elsewhere.
    redirect(response, 302, `/editions/${date}`)
  } else if (request.method === 'POST' && path === '/checkout') {
    // For good as 301, but the client sends the POST again, with its content.
    redirect(response, 308, '/orders')
  } else if (request.method === 'POST' && path === '/login') {
    // The POST is over. What comes next is a GET.
    redirect(response, 303, '/welcome')
  } else {
    void site(request, response)
  }
})

function redirect(response: ServerResponse, status: number, location: string): void {
  response.writeHead(status, { Location: location })
  response.end()
}

server.listen(Number(process.env.PORT), '127.0.0.1')
