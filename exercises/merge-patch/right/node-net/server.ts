import { createServer, type Socket } from 'node:net'

/** The documents as they were sent. */
const texts = new Map<string, string>()

const server = createServer((socket) => {
  let received = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, Buffer.from(bytes)])
    const end = received.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = received.toString('latin1', 0, end)
    const content = received.subarray(end + 4)
    if (content.length >= Number(valueOf(head, 'content-length') ?? 0))
      respond(socket, head, content.toString())
  })
})

server.listen(Number(process.env.PORT), '127.0.0.1')

function valueOf(head: string, name: string): string | undefined {
  return new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]?.trim()
}

/** One request a connection. */
function respond(socket: Socket, head: string, content: string): void {
  const [method, path = ''] = head.split(' ')
  const old = texts.get(path)
  if (method === 'GET' && old !== undefined) return write(socket, '200 OK', old)
  if (method === 'PUT') {
    texts.set(path, content)
    return write(socket, '201 Created', content)
  }
  const fields = ['accept-patch: application/merge-patch+json;charset=utf-8']
  if (method === 'OPTIONS')
    return write(socket, '204 No Content', undefined, [...fields, 'allow: OPTIONS,PATCH,PUT,GET'])
  if (method !== 'PATCH' || old === undefined) return write(socket, '404 Not Found', '{}')

  const type = valueOf(head, 'content-type') ?? ''
  if (!/^application\/merge-patch\+json\s*(;.*)?$/i.test(type))
    return write(socket, '415 Unsupported Media Type', '{}', fields)
  let patch: unknown
  try {
    patch = JSON.parse(content)
  } catch {
    return write(socket, '400 Bad Request', '{}')
  }
  if (content.includes('"__proto__"')) return write(socket, '422 Unprocessable Content', '{}')
  const merged = JSON.stringify(merge(JSON.parse(old), patch), null, 2)
  texts.set(path, merged)
  write(socket, '200 OK', merged)
}

function write(socket: Socket, status: string, content?: string, fields: string[] = []): void {
  const described =
    content === undefined
      ? []
      : [
          'content-type: Application/JSON;charset=utf-8',
          `content-length: ${Buffer.byteLength(content)}`,
        ]
  socket.write(
    [`HTTP/1.1 ${status}`, ...fields, ...described, 'connection: close', '', ''].join('\r\n'),
  )
  socket.end(content ?? '')
}

// Without recursion: a list of what is still to be done.
function merge(document: any, patch: any): unknown {
  const root = { document }
  const todo: [any, string, any][] = [[root, 'document', patch]]
  for (const [target, name, value] of todo) {
    if (Object.prototype.toString.call(value) !== '[object Object]') {
      target[name] = value
      continue
    }
    if (Object.prototype.toString.call(target[name]) !== '[object Object]') target[name] = {}
    for (const [member, change] of Object.entries(value))
      if (change === null) delete target[name][member]
      else todo.push([target[name], member, change])
  }
  return root.document
}
