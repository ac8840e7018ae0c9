// Lenient where RFC 9112 permits it: an empty line before the request, later versions of HTTP/1.
import { createServer, type Socket } from 'node:net'

const TOKEN = /^[\w!#$%&'*+\-.^`|~]+$/
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/

const server = createServer((socket) => {
  talk(socket).catch(() => socket.destroy())
})
server.listen(Number(process.env.PORT), '127.0.0.1')

async function talk(socket: Socket) {
  const head = await receiveHead(socket)
  const report = head === 'too long' ? undefined : parse(head)
  const status =
    head === 'too long'
      ? '431 Request Header Fields Too Large'
      : report
        ? '200 OK'
        : '400 Bad Request'
  const content = Buffer.from(report ? JSON.stringify(report) : `${status}\n`)
  const lines = [
    `HTTP/1.1 ${status}`,
    `Content-Type: ${report ? 'application/json' : 'text/plain'}`,
    `Content-Length: ${content.length}`,
    'Connection: close',
  ]
  socket.end(Buffer.concat([Buffer.from(lines.join('\r\n') + '\r\n\r\n'), content]))
  socket.resume()
}

async function receiveHead(socket: Socket) {
  const pieces: Buffer[] = []
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    pieces.push(piece)
    const text = Buffer.concat(pieces).toString('latin1').replace(/^\r\n/, '')
    const end = text.indexOf('\r\n\r\n')
    const length = end < 0 ? text.length : end + 4
    if (length > 8192) return 'too long'
    if (end >= 0) return text.slice(0, end)
  }
  throw new Error('The client went away.')
}

function parse(head: string) {
  const lines = head.split('\r\n')
  const [method, target, version, ...more] = lines.shift()!.split(' ')
  if (!method || !target || !version || more.length > 0) return
  if (!TOKEN.test(method) || CONTROL.test(target + '') || target.includes('\t')) return
  if (!/^HTTP\/1\.\d$/.test(version)) return
  const headers: [string, string][] = []
  for (const line of lines) {
    const at = line.indexOf(':')
    const name = line.substring(0, at)
    if (at < 1 || !TOKEN.test(name) || CONTROL.test(line)) return
    headers.push([name.toLowerCase(), line.substring(at + 1).replace(/^[ \t]*|[ \t]*$/g, '')])
  }
  if (version !== 'HTTP/1.0' && headers.filter(([name]) => name === 'host').length !== 1) return
  return { method, target, version, headers }
}
