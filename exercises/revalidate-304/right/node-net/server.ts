import { createServer, type Socket } from 'node:net'

const style = { text: process.env.CSS ?? '', revision: 1, since: Math.floor(Date.now() / 1000) }

createServer((socket) => {
  let received = ''
  socket.setEncoding('latin1').on('error', () => socket.destroy())
  socket.on('data', (piece) => {
    received += piece
    const end = received.indexOf('\r\n\r\n')
    if (end < 0) return
    const [line = '', ...rest] = received.slice(0, end).split('\r\n')
    const fields = new Map(rest.map(asField))
    const content = received.slice(end + 4)
    if (content.length < Number(fields.get('content-length') ?? 0)) return
    received = ''
    answer(socket, line, fields, content)
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

function asField(line: string): [string, string] {
  const [name = '', ...value] = line.split(':')
  return [name.toLowerCase(), value.join(':').trim()]
}

// One answer per connection, with fields in lower case.
function answer(socket: Socket, line: string, fields: Map<string, string>, content: string): void {
  const [method = '', target] = line.split(' ')
  if (target === '/') {
    const page = '<!DOCTYPE html><LINK REL=stylesheet HREF=/style.css><BODY>Shop'
    return send(socket, '200 OK', ['content-type: text/html'], page)
  }
  if (target !== '/style.css') return send(socket, '404 Not Found', [], 'Nothing here.')

  const tags = fields.get('if-none-match')
  if (method === 'PUT') {
    if (tags !== undefined && isNamed(tags)) return send(socket, '412 Precondition Failed', [], '')
    Object.assign(style, { text: content, since: Math.floor(Date.now() / 1000) })
    style.revision += 1
    return send(socket, '204 No Content', [])
  }

  const date = new Date(style.since * 1000).toUTCString()
  const about = ['cache-control: NO-CACHE', `etag: "r${style.revision}"`, `last-modified: ${date}`]
  const since = fields.get('if-modified-since')
  const isKnown = tags === undefined ? since !== undefined && isSince(since) : isNamed(tags)
  if (isKnown) return send(socket, '304 Not Modified', [...about, length(style.text)])
  const described = [...about, 'content-type: TEXT/CSS;charset=us-ascii', length(style.text)]
  send(socket, '200 OK', described, method === 'HEAD' ? '' : style.text)
}

function isNamed(tags: string): boolean {
  return (
    tags === '*' || [...tags.matchAll(/"([^"]*)"/g)].some(([, tag]) => tag === `r${style.revision}`)
  )
}

function isSince(date: string): boolean {
  return Date.parse(date) / 1000 >= style.since
}

function length(text: string): string {
  return `content-length: ${text.length}`
}

// In two pieces, of which the second one comes later.
function send(socket: Socket, status: string, fields: readonly string[], content = ''): void {
  socket.write(`HTTP/1.1 ${status}\r\nconnection: close\r\n`)
  setImmediate(() => socket.end(`${fields.map((each) => `${each}\r\n`).join('')}\r\n${content}`))
}
