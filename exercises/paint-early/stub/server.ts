import { createServer } from 'node:http'

const server = createServer(async (request, response) => {
  if (request.url !== '/') {
    response.statusCode = 404
    response.end('Not found\n')
    return
  }

  // TODO: Let the shell leave at once, let the result follow when it is there, and say so in the
  // page when there is none.
  const result = await slowQuery()
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(`<!doctype html>
<html lang="en">
<title>Report</title>
<link rel="icon" href="data:,">
<p id="shell">The report is being computed.</p>
<p id="data">${result}</p>
</html>
`)
})

server.listen(Number(process.env.PORT), '127.0.0.1')

/** The result of the query. Rejects when there is none. */
async function slowQuery(): Promise<string> {
  const answer = await fetch(process.env.QUERY_URL ?? 'http://127.0.0.1:9/')
  if (!answer.ok) throw new Error(`the query failed with status ${answer.status}`)
  return answer.text()
}
