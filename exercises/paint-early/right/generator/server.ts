import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

async function* page(query: Promise<Response>): AsyncGenerator<string> {
  yield '<!doctype html>\n<html>\n<head><title>Report</title></head>\n<body>\n'
  yield '<h1>Report</h1>\n<p id="shell">We are asking the database.</p>\n'
  yield await query.then(
    async (answer) =>
      answer.ok
        ? `<p id="data"><b>${(await answer.text()).replace(' ', '</b> <i>')}</i></p>\n`
        : '<p id="error">The database failed.</p>\n',
    () => '<p id="error">The database is not there.</p>\n',
  )
  yield '</body>\n</html>\n'
}

const server = createServer(async (request, response) => {
  if (request.url !== '/') {
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, { 'content-type': 'text/html' })
  const query = fetch(new URL(process.env.QUERY_URL ?? ''), { cache: 'no-store' })
  await pipeline(Readable.from(page(query)), response).catch(() => {})
})

server.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
