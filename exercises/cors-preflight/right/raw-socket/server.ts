import { createServer } from 'node:net'

const { APP_ORIGIN, PORT } = process.env
const todos: Record<string, { id: string; text: string }> = {}

interface Request {
  readonly method: string
  readonly path: string
  readonly field: (name: string) => string | undefined
  readonly body: string
}

createServer((socket) => {
  let input = ''
  socket.setEncoding('latin1')
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    input += chunk
    for (let next = read(input); next; next = read(input)) {
      input = input.slice(next.length)
      socket.write(answer(next.request))
    }
  })
}).listen(Number(PORT), '127.0.0.1')

/** The first whole request in the input, and how long it is. */
function read(input: string): { request: Request; length: number } | undefined {
  const headEnd = input.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const [start = '', ...lines] = input.slice(0, headEnd).split('\r\n')
  const field = (name: string) =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim()
  const length = headEnd + 4 + Number(field('content-length') ?? 0)
  if (input.length < length) return undefined
  const [method = '', target = ''] = start.split(' ')
  const body = Buffer.from(input.slice(headEnd + 4, length), 'latin1').toString()
  return { request: { method, path: target.split('?')[0]!, field, body }, length }
}

function answer({ method, path, field, body }: Request): string {
  const fields = ['Vary: Origin']
  if (field('origin') === APP_ORIGIN) fields.push(`Access-Control-Allow-Origin: ${APP_ORIGIN}`)
  const id = /^\/todos\/([^/]+)$/.exec(path)?.[1]
  if (method === 'OPTIONS' && path.startsWith('/todos')) {
    fields.push(`Allow: ${id === undefined ? 'GET' : 'DELETE,PUT'}`)
    if (field('access-control-request-method') !== undefined)
      fields.push(
        'Access-Control-Allow-Methods: DELETE',
        'Access-Control-Allow-Methods: PUT',
        'Access-Control-Allow-Headers: X-CLIENT, CONTENT-TYPE',
        'Access-Control-Max-Age: 600',
      )
    return message('204 No Content', fields)
  }
  if (method === 'GET' && path === '/todos')
    return message('200 OK', fields, JSON.stringify(Object.values(todos)))
  if (method === 'PUT' && id !== undefined) {
    todos[id] = { ...JSON.parse(body), id }
    return message('200 OK', fields, JSON.stringify(todos[id]))
  }
  if (method === 'DELETE' && id !== undefined) {
    delete todos[id]
    return message('204 No Content', fields)
  }
  return message('404 Not Found', fields, '"Not found"')
}

function message(status: string, fields: readonly string[], content = ''): string {
  const framing = status.startsWith('204')
    ? []
    : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(content)}`]
  return `${[`HTTP/1.1 ${status}`, ...framing, ...fields].join('\r\n')}\r\n\r\n${content}`
}
