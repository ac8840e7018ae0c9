import { createServer } from 'node:http'

const server = createServer((request, response) => {
  const [path] = (request.url ?? '/').split('?')

  if (path === '/' && request.method === 'GET') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(page)
    return
  }

  // TODO: Give GET, HEAD and QUERY the parts that they ask for. Tell all others what would work.
  if (path === '/parts') {
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(findParts([])))
    return
  }

  response.statusCode = 404
  response.end('Not found\n')
})

// Given: the catalogue, and the search in it.
interface Part {
  readonly code: string
  readonly stock: number
}

const catalogue: readonly Part[] = JSON.parse(process.env.PARTS ?? '[]')

function findParts(codes: readonly string[]): Part[] {
  const wanted = new Set(codes)
  return catalogue.filter(({ code }) => wanted.has(code))
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

server.listen(Number(process.env.PORT), '127.0.0.1')
