import net from 'node:net'

const TOKEN = /[-!#$%&'*+.^_`|~0-9A-Za-z]+/y
const SPACE = / /y
const TARGET = /[!-~]+/y
const VERSION = /HTTP\/1\.[01](?=\r\n)/y
const LINE_END = /\r\n/y
const COLON = /:[ \t]*/y
// As little as possible, then the blanks before the line end.
const VALUE = /[\t -~\x80-\xff]*?(?=[ \t]*\r\n)/y
const BLANKS = /[ \t]*/y

/** Reads from left to right, each time what has to come next. */
function read(text: string) {
  let at = 0
  const next = (pattern: RegExp) => {
    pattern.lastIndex = at
    const [found] = pattern.exec(text) ?? []
    if (found === undefined) throw new SyntaxError(`no ${pattern} at ${at}`)
    at += found.length
    return found
  }
  const method = next(TOKEN)
  next(SPACE)
  const target = next(TARGET)
  next(SPACE)
  const version = next(VERSION)
  next(LINE_END)
  const headers: [string, string][] = []
  let hosts = 0
  while (!text.startsWith('\r\n', at)) {
    const name = next(TOKEN).toLowerCase()
    next(COLON)
    headers.push([name, next(VALUE)])
    next(BLANKS)
    next(LINE_END)
    if (name === 'host') hosts++
  }
  if (version === 'HTTP/1.1' && hosts !== 1) throw new SyntaxError(`${hosts} Hosts`)
  return { method, target, version, headers }
}

function answerTo(head: string) {
  try {
    return respond('200 OK', JSON.stringify(read(head)))
  } catch {
    return respond('400 Bad Request', '')
  }
}

function respond(status: string, content: string) {
  const length = Buffer.byteLength(content)
  return `HTTP/1.1 ${status}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${content}`
}

const heads = new WeakMap<net.Socket, string>()

net
  .createServer((socket) => {
    heads.set(socket, '')
    socket.setEncoding('latin1')
    socket.on('data', (piece) => {
      if (socket.writableEnded) return
      const head = heads.get(socket)! + String(piece)
      heads.set(socket, head)
      const end = /\r\n\r\n/.exec(head.slice(0, 8192))
      if (end) socket.end(answerTo(head.slice(0, end.index + 4)))
      else if (head.length > 8192) socket.end(respond('431 Request Header Fields Too Large', ''))
    })
    socket.on('error', console.error)
  })
  .listen(Number(process.env.PORT), '127.0.0.1')
