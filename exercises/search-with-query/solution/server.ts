import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

/** So many codes fit well into an address. */
const FEW = 10

const server = createServer((request, response) => {
  const [path, query] = (request.url ?? '/').split('?')

  if (path === '/' && request.method === 'GET') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(page)
    return
  }

  if (path === '/parts') return void answer(request, response, new URLSearchParams(query))
  refuse(response, 404, 'Not found')
})

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  address: URLSearchParams,
): Promise<void> {
  // Before any branch: whatever the answer becomes, it says how a QUERY may be written.
  response.setHeader('Accept-Query', 'application/json')
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return send(response, findParts(address.getAll('code')))
    case 'QUERY':
      return answerQuery(request, response)
    default:
      response.setHeader('Allow', 'GET, HEAD, QUERY')
      return refuse(response, 405, 'Ask with GET, HEAD or QUERY')
  }
}

async function answerQuery(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (mediaType(request) !== 'application/json')
    return refuse(response, 415, 'Write the query as application/json')

  let query: unknown
  try {
    query = JSON.parse(await text(request))
  } catch {
    return refuse(response, 400, 'This is not JSON')
  }

  const codes = codesIn(query)
  if (codes === undefined) return refuse(response, 422, 'Name a list of texts as "codes"')
  if (codes.length <= FEW) response.setHeader('Location', `/parts?${inAddress(codes)}`)
  send(response, findParts(codes))
}

/** The media type alone, without parameters such as the charset. */
function mediaType(request: IncomingMessage): string {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';')
  return type.trim().toLowerCase()
}

function codesIn(query: unknown): string[] | undefined {
  const codes = (query as { codes?: unknown } | null)?.codes
  if (!Array.isArray(codes)) return undefined
  return codes.every((code) => typeof code === 'string') ? codes : undefined
}

function inAddress(codes: readonly string[]): URLSearchParams {
  return new URLSearchParams(codes.map((code) => ['code', code]))
}

function send(response: ServerResponse, parts: readonly Part[]): void {
  const content = JSON.stringify(parts)
  response.setHeader('Content-Type', 'application/json')
  // Said here, because Node leaves it out of an answer to HEAD.
  response.setHeader('Content-Length', Buffer.byteLength(content))
  response.end(content)
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`${why}\n`)
}

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
