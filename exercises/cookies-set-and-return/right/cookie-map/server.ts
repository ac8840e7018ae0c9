import { createServer, type IncomingMessage } from 'node:http'

createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  if (request.method !== 'GET') return response.writeHead(405).end()
  switch (pathname) {
    case '/login': {
      const values = crypto.getRandomValues(new Uint32Array(4))
      const session = [...values].map((value) => value.toString(36).padStart(7, '0')).join('')
      response.writeHead(200, {
        'set-cookie': [`theme=dark`, `session=${session};path=/;samesite=strict`],
        'content-type': 'text/html',
      })
      return response.end('<p>hello</p>')
    }
    case '/whoami':
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      return response.end(JSON.stringify({ cookie: cookiesOf(request).get('session') ?? null }))
    default:
      return response.writeHead(404).end()
  }
}).listen(Number(process.env.PORT), '127.0.0.1')

function cookiesOf({ headers }: IncomingMessage): Map<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [name = '', ...value] = pair.split('=')
    if (value.length > 0) cookies.set(name.trim(), value.join('=').trim())
  }
  return cookies
}
