import { createServer, type Socket } from 'node:net'

interface Message {
  readonly method: string
  readonly target: string
  readonly headers: ReadonlyMap<string, string>
  readonly content: Buffer
}

interface Part {
  readonly code: string
  readonly stock: number
}

const catalogue: readonly Part[] = JSON.parse(process.env.PARTS ?? '[]')

const server = createServer((socket) => {
  let received = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, Buffer.from(bytes)])
    const message = readMessage(received)
    if (message !== undefined) respond(socket, message)
  })
})

/** One request a connection: the first one, as soon as all of its content is there. */
function readMessage(received: Buffer): Message | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first = '', ...lines] = received.toString('latin1', 0, end).split('\r\n')
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  )
  const length = Number(headers.get('content-length') ?? 0)
  const content = received.subarray(end + 4)
  if (content.length < length) return undefined
  const [method = '', target = ''] = first.split(' ')
  return { method, target, headers, content: content.subarray(0, length) }
}

function respond(socket: Socket, { method, target, headers, content }: Message): void {
  const [path, query] = target.split('?')
  if (path === '/') return write(socket, method, '200 OK', ['content-type: text/html'], page)
  if (path !== '/parts') return write(socket, method, '404 Not Found', [], '')

  if (method === 'GET' || method === 'HEAD') {
    const codes = new URLSearchParams(query).getAll('code')
    return write(socket, method, '200 OK', [JSON_TYPE, QUERY_TYPE], inJson(codes))
  }
  if (method !== 'QUERY') {
    const allow = ['allow: QUERY,HEAD,GET']
    return write(socket, method, '405 Method Not Allowed', allow, 'not this method')
  }

  const type = headers.get('content-type')
  if (type === undefined) return write(socket, method, '400 Bad Request', [], 'no type')
  if (!/^application\/json\s*(;|$)/i.test(type))
    return write(socket, method, '415 Unsupported Media Type', [QUERY_TYPE], '')
  const asked = parse(content.toString())
  if (asked === undefined) return write(socket, method, '400 Bad Request', [], 'no JSON')
  const codes = asked?.codes
  if (!Array.isArray(codes) || !codes.every((code) => typeof code === 'string'))
    return write(socket, method, '422 Unprocessable Content', [], 'no codes')
  const pairs = codes.map((code) => `code=${encodeURIComponent(code)}`)
  const location = codes.length > 10 ? [] : [`location: ?${pairs.join('&')}`]
  write(socket, method, '200 OK', [JSON_TYPE, ...location], inJson(codes))
}

const JSON_TYPE = 'content-type: APPLICATION/JSON; charset=utf-8'
const QUERY_TYPE = 'accept-query: application/json;charset="UTF-8"'

function write(
  socket: Socket,
  method: string,
  status: string,
  fields: readonly string[],
  content: string,
): void {
  const length = `content-length: ${Buffer.byteLength(content)}`
  socket.write([`HTTP/1.1 ${status}`, ...fields, length, 'connection: close', '', ''].join('\r\n'))
  socket.end(method === 'HEAD' ? '' : content)
}

/** The only value that is not JSON is undefined. */
function parse(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function inJson(codes: readonly string[]): string {
  return JSON.stringify(
    catalogue.filter(({ code }) => codes.includes(code)),
    null,
    2,
  )
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
