// Misconception: every response needs a Content-Length.
import { createServer, type ServerResponse } from 'node:http'

const server = createServer(async (request, response) => {
  if (request.url !== '/') {
    response.statusCode = 404
    response.end('Not found\n')
    return
  }
  await report(response)
})

server.listen(Number(process.env.PORT), '127.0.0.1')

async function report(response: ServerResponse): Promise<void> {
  const parts = [
    `<!doctype html>
<html lang="en">
<title>Report</title>
<link rel="icon" href="data:,">
<p id="shell">The report is being computed.</p>
`,
  ]
  try {
    parts.push(`<p id="data">${await slowQuery()}</p>\n`)
  } catch {
    parts.push('<p id="error">The report could not be computed.</p>\n')
  }
  const content = [...parts, '</html>\n'].join('')
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(content),
  })
  response.end(content)
}

/** The result of the query. Rejects when there is none. */
async function slowQuery(): Promise<string> {
  const answer = await fetch(process.env.QUERY_URL ?? 'http://127.0.0.1:9/')
  if (!answer.ok) throw new Error(`the query failed with status ${answer.status}`)
  return answer.text()
}
