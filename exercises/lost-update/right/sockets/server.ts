import { createServer, type Socket } from 'node:net'
import { editPage } from './edit-page.ts'

// Content by path, and how often each path was written.
const contents: Record<string, string> = { '/texts/menu': process.env.MENU! }
const revisions: Record<string, number> = { '/texts/menu': 1 }

createServer((socket) => {
  let received = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1')
    const end = received.indexOf('\r\n\r\n') + 4
    if (end === 3) return
    const [start = '', ...lines] = received.slice(0, end - 4).split('\r\n')
    const head = new Headers(lines.map((line) => line.split(/:\s*(.*)/, 2) as [string, string]))
    const content = received.slice(end)
    if (content.length < Number(head.get('content-length') ?? 0)) return
    const [method = '', path = ''] = start.split(' ')
    respond(socket, method, path, head, content)
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

function respond(socket: Socket, method: string, path: string, head: Headers, content: string) {
  if (path === '/edit') return write(socket, '200 OK', editPage, ['Content-Type: text/html'])
  const existed = path in contents
  if (method === 'GET') {
    if (!existed) return write(socket, '404 Not Found', 'Nothing here.')
    const type = 'Content-Type: text/plain;charset=us-ascii'
    return write(socket, '200 OK', contents[path]!, [type, tag(path)])
  }
  const permission = permits(head, existed ? tag(path) : null)
  if (permission !== 'yes') return write(socket, permission, '', existed ? [tag(path)] : [])
  contents[path] = content
  revisions[path] = (revisions[path] ?? 0) + 1
  return write(socket, existed ? '204 No Content' : '201 Created', '', [tag(path)])
}

function permits(head: Headers, tagField: string | null): string {
  if (head.get('if-none-match')) return tagField ? '412 Precondition Failed' : 'yes'
  const wanted = head.get('if-match')
  if (!wanted) return '428 Precondition Required'
  if (wanted !== '*' && !/^(W\/)?".*"$/.test(wanted)) return '400 Bad Request'
  const isRight =
    wanted === '*' || wanted.split(/ *, */).some((one) => tagField?.endsWith(` ${one}`))
  return tagField && isRight ? 'yes' : '412 Precondition Failed'
}

function tag(path: string): string {
  return `etag: "${path.length}-${revisions[path]}"`
}

function write(socket: Socket, status: string, content: string, fields: string[] = []) {
  const length = status.startsWith('204') ? [] : [`content-length: ${Buffer.byteLength(content)}`]
  const head = [`HTTP/1.1 ${status}`, ...fields, ...length, 'connection: close']
  socket.end(`${head.join('\r\n')}\r\n\r\n${content}`)
}
