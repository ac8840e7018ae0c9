// Misconception: Every answer has its content after the fields.
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
    return send(socket, '204 No Content', [], '')
  }

  const date = new Date(style.since * 1000).toUTCString()
  const about = ['cache-control: no-cache', `etag: "r${style.revision}"`, `last-modified: ${date}`]
  const since = fields.get('if-modified-since')
  const isKnown = tags === undefined ? since !== undefined && isSince(since) : isNamed(tags)
  const status = isKnown ? '304 Not Modified' : '200 OK'
  const described = [...about, 'content-type: text/css']
  send(socket, status, described, style.text, method === 'HEAD' ? '' : style.text)
}

function isNamed(tags: string): boolean {
  return (
    tags === '*' || [...tags.matchAll(/"([^"]*)"/g)].some(([, tag]) => tag === `r${style.revision}`)
  )
}

function isSince(date: string): boolean {
  return Date.parse(date) / 1000 >= style.since
}

function send(
  socket: Socket,
  status: string,
  fields: readonly string[],
  content: string,
  sent: string = content,
): void {
  const length = status.startsWith('204') ? [] : [`content-length: ${content.length}`]
  const head = [`HTTP/1.1 ${status}`, ...fields, ...length, '', ''].join('\r\n')
  socket.write(head + sent)
}
