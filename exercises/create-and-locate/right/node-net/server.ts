import { createServer, type Socket } from 'node:net'

const texts: string[] = []

const server = createServer((socket) => {
  let received = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    const request = readRequest(received)
    if (request === null) return
    received = Buffer.alloc(0)
    answer(socket, request)
  })
})

server.listen(Number(process.env.PORT), '127.0.0.1')

interface Request {
  readonly line: string
  readonly body: Buffer
}

/** Null while there is less than a whole request. */
function readRequest(bytes: Buffer): Request | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [line = '', ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const rest = bytes.subarray(end + 4)
  if (fields.some((field) => /^transfer-encoding: *chunked/i.test(field))) {
    const body = readChunks(rest)
    return body && { line, body }
  }
  const named = fields.find((field) => /^content-length:/i.test(field))
  const length = Number(named?.split(':')[1] ?? 0)
  return rest.length < length ? null : { line, body: rest.subarray(0, length) }
}

function readChunks(bytes: Buffer): Buffer | null {
  const parts: Buffer[] = []
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return null
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const from = lineEnd + 2
    if (bytes.length < from + size + 2) return null
    if (size === 0) return Buffer.concat(parts)
    parts.push(bytes.subarray(from, from + size))
    at = from + size + 2
  }
}

// One answer for each connection, with the fields in lower case.
function answer(socket: Socket, { line, body }: Request): void {
  const [method, target = ''] = line.split(' ')
  const index = Number(/^\/memo\/([0-9]+)$/.exec(target)?.[1] ?? -1)
  if (method === 'POST' && target === '/notes') {
    if (body.length === 0) return send(socket, '400 Bad Request', [], '')
    const id = texts.push(body.toString()) - 1
    send(socket, '201 Created', [`location: /memo/${id}`], note(id))
  } else if (method === 'GET' && target === '/notes') {
    send(socket, '200 OK', [], `[${texts.map((_, id) => note(id)).join(',')}]`)
  } else if (method === 'GET' && texts[index] !== undefined) {
    send(socket, '200 OK', [], note(index))
  } else {
    send(socket, '404 Not Found', [], '')
  }
}

function note(id: number): string {
  return `{"text":${JSON.stringify(texts[id])},"id":${id}}`
}

function send(socket: Socket, status: string, fields: string[], content: string): void {
  const lines = [`HTTP/1.1 ${status}`, 'connection: close', ...fields]
  if (content !== '') lines.push('content-type: application/json')
  socket.end(
    `${lines.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(content)}\r\n\r\n${content}`,
  )
}
