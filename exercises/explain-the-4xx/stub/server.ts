import { createServer } from 'node:http'

const published = new Set(process.env.SLUGS?.split(','))

const server = createServer((request, response) => {
  const [path = '/'] = (request.url ?? '/').split('?')
  const slug = path.startsWith('/articles/') && decodeURIComponent(path.slice('/articles/'.length))

  if (slug && published.has(slug)) {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(page(slug, `You are reading ${slug}.`))
    return
  }

  // TODO: Tell the kinds of errors apart, and explain each to people and to programs.
  response.writeHead(404).end()
})

server.listen(Number(process.env.PORT), '127.0.0.1')

function page(title: string, text: string): string {
  return `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>`
}
