import express, { type ErrorRequestHandler, type RequestHandler } from 'express'

interface Part {
  readonly code: string
  readonly stock: number
}

const parts = new Map<string, Part>()
for (const part of JSON.parse(process.env.PARTS ?? '[]') as Part[]) parts.set(part.code, part)

const app = express()
app.set('query parser', (query: string) => new URLSearchParams(query))

app.get('/', (_request, response) => void response.type('html').send(page))

app.use('/parts', (_request, response, next) => {
  // Also a string may name the type, and parameters may follow it.
  response.set('Accept-Query', '"application/json"')
  next()
})

app.get('/parts', (request, response) => {
  response.json(found((request.query as unknown as URLSearchParams).getAll('code')))
})

const search: RequestHandler = (request, response) => {
  // express.json() has left the content of any other type alone.
  if (!request.is('application/json')) return void response.sendStatus(415)
  const codes: unknown = request.body?.codes
  if (!Array.isArray(codes) || codes.some((code) => typeof code !== 'string'))
    return void response.sendStatus(422)
  if (codes.length <= 10)
    response.location(`${request.protocol}://${request.host}/parts?${asQuery(codes)}`)
  response.json(found(codes))
}

app.query?.('/parts', express.json(), search)
app.all('/parts', (_request, response) => {
  response.set('Allow', 'GET, HEAD, OPTIONS, QUERY').sendStatus(405)
})

const failed: ErrorRequestHandler = (error, _request, response, _next) => {
  response.sendStatus(error.status ?? 500)
}
app.use(failed)

function found(codes: readonly string[]): Part[] {
  return [...parts.values()].filter(({ code }) => codes.includes(code))
}

function asQuery(codes: readonly string[]): string {
  return codes.map((code) => `code=${encodeURIComponent(code)}`).join('&')
}

// Given: a page that searches for the codes in its text field, one on a line.
const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Parts in stock</title>
<link rel="icon" href="data:,">
<h1>Parts in stock</h1>
<form>
  <p><textarea name="codes" rows="6" aria-label="Codes, one on a line"></textarea></p>
  <button>Search</button>
</form>
<pre role="status"></pre>
<script>
  const form = document.querySelector('form')
  const result = document.querySelector('pre')

  form.onsubmit = async (event) => {
    event.preventDefault()
    const codes = form.elements.codes.value.split(/\\n/).filter(Boolean)
    const answer = await fetch('/parts', {
      method: 'QUERY',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ codes }),
    })
    try {
      const parts = await answer.json()
      const lines = parts.map(({ code, stock }) => code + ': ' + stock)
      result.textContent = lines.join('\\n') || 'nothing found'
    } catch {
      result.textContent = 'no usable answer, status ' + answer.status
    }
  }
</script>
</html>
`

app.listen(Number(process.env.PORT), '127.0.0.1')
