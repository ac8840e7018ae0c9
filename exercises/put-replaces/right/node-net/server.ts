import { createServer } from 'node:net'

// By hand: fields in lower case, answers in two writes, and a connection for each request. Every
// profile is kept as the bytes that came.
const kept: { name: string; bytes: Buffer }[] = []

createServer((socket) => {
  let received = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (data: Buffer) => {
    received = Buffer.concat([received, data])
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) return
    const head = received.subarray(0, end).toString('latin1')
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
    const content = received.subarray(end + 4)
    if (content.length < length) return
    const [method = '', target = ''] = head.split(' ')
    const [line, fields, bytes] = answer(method, target, content)
    const lines = [`HTTP/1.1 ${line}`, 'connection: close', ...fields]
    if (!line.startsWith('204')) lines.push(`content-length: ${bytes.length}`)
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    socket.end(bytes)
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

type Answer = [line: string, fields: string[], content: Buffer]

const nothing = Buffer.alloc(0)

function answer(method: string, target: string, content: Buffer): Answer {
  const [, folder, segment = ''] = target.split('/')
  if (folder !== 'profiles') return ['404 Nothing Here', [], nothing]
  const name = decodeURI(segment)
  const at = kept.findIndex((each) => each.name === name)
  if (method === 'PUT') {
    if (!isJson(content)) return ['400 Bad', [], Buffer.from('This is not JSON.')]
    if (at !== -1) kept.splice(at, 1)
    kept.push({ name, bytes: Buffer.from(content) })
    return at === -1 ? ['201 Created', [`location: ${target}`], nothing] : ['204 OK', [], nothing]
  }
  if (method !== 'GET' && method !== 'DELETE')
    return ['405 No', ['allow: GET', 'allow: PUT,GET', 'Allow:  ,DELETE'], nothing]
  const [found] = kept.slice(at, at === -1 ? 0 : at + 1)
  if (!found) return ['404 Nothing Here', [], nothing]
  if (method === 'GET')
    return ['200 OK', ['content-type: Application/JSON;Charset="utf-8"'], found.bytes]
  kept.splice(at, 1)
  return ['204 No Content', [], nothing]
}

function isJson(content: Buffer): boolean {
  try {
    JSON.parse(content.toString())
    return true
  } catch {
    return false
  }
}
