import { createServer, type IncomingMessage } from 'node:http'
import { MIMEType } from 'node:util'
import * as z from 'zod'

const partList = z.array(z.object({ code: z.string(), stock: z.number() }))
const searched = z.object({ codes: z.array(z.string()) })

type Part = z.infer<typeof partList>[number]

interface Answer {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly content?: string
}

class Refusal extends Error {
  readonly answer: Answer

  constructor(status: number, headers: Record<string, string> = {}) {
    super(`status ${status}`)
    this.answer = { status, headers }
  }
}

class Stock {
  readonly #parts: readonly Part[]
  /** Queries of any length, by the name of their resource. */
  readonly #kept = new Map<string, readonly string[]>()

  constructor(parts: readonly Part[]) {
    this.#parts = parts
  }

  find(codes: readonly string[]): Answer {
    const parts = this.#parts.filter(({ code }) => codes.includes(code))
    const headers = { 'Content-Type': 'application/json', 'Accept-Query': 'application/json' }
    return { status: 200, headers, content: JSON.stringify(parts) }
  }

  /** Its own resource for every query, so that no code is in an address. */
  keep(codes: readonly string[]): string {
    const name = `/searches/${this.#kept.size + 1}`
    this.#kept.set(name, codes)
    return name
  }

  kept(name: string): Answer {
    const codes = this.#kept.get(name)
    if (codes === undefined) throw new Refusal(404)
    return this.find(codes)
  }
}

const stock = new Stock(partList.parse(JSON.parse(process.env.PARTS ?? '[]')))

type Handler = (request: IncomingMessage, url: URL) => Answer | Promise<Answer>

const home: Handler = () => ({
  status: 200,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  content: page,
})

const byAddress: Handler = (_, { searchParams }) => stock.find(searchParams.getAll('code'))

const byContent: Handler = async (request) => {
  if (essence(request) !== 'application/json')
    throw new Refusal(415, { 'Accept-Query': 'application/json' })
  let content = ''
  request.setEncoding('utf8')
  for await (const piece of request) content += piece
  const { data, error } = searched.safeParse(parsed(content))
  if (error) throw new Refusal(422)
  const answer = stock.find(data.codes)
  return { ...answer, headers: { ...answer.headers, Location: stock.keep(data.codes) } }
}

function essence(request: IncomingMessage): string {
  const type = request.headers['content-type']
  if (type === undefined) throw new Refusal(400)
  return new MIMEType(type).essence
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    throw new Refusal(400)
  }
}

const routes: Record<string, Record<string, Handler>> = {
  '/': { GET: home },
  '/parts': { GET: byAddress, HEAD: byAddress, QUERY: byContent },
}

createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  try {
    const { status, headers, content } = await answer(request, url)
    response.writeHead(status, headers).end(content)
  } catch (error) {
    const { status, headers } = error instanceof Refusal ? error.answer : { status: 500 }
    response.writeHead(status, headers).end()
  }
}).listen(Number(process.env.PORT), '127.0.0.1')

function answer(request: IncomingMessage, url: URL): Answer | Promise<Answer> {
  const methods = routes[url.pathname]
  if (methods === undefined) return stock.kept(url.pathname)
  const handler = methods[request.method ?? '']
  if (handler === undefined) throw new Refusal(405, { Allow: Object.keys(methods).join(', ') })
  return handler(request, url)
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
