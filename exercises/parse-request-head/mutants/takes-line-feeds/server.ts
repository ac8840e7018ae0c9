// Misconception: a line feed ends a line, with or without a carriage return.
import { createServer } from 'node:net'

const LONGEST_HEAD = 8192

// Everything a method or a name may be made of (RFC 9110 §5.6.2). A space is not in it, nor is
// nothing.
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const REQUEST_LINE = new RegExp(`^(${TOKEN}) ([\\x21-\\x7e]+) (HTTP/1\\.[01])$`)
// No control characters but the tab: a carriage return or a zero byte means the end to some
// readers.
const FIELD_LINE = new RegExp(`^(${TOKEN}):[ \\t]*([\\t\\x20-\\x7e\\x80-\\xff]*?)[ \\t]*$`)

interface Head {
  method: string
  target: string
  version: string
  headers: [name: string, value: string][]
}

const server = createServer((socket) => {
  // One for each connection: what it has sent so far, however that was cut.
  let received = Buffer.alloc(0)

  const answer = (status: string, body: string) => {
    socket.off('data', collect)
    // What the client still sends is read and dropped: closing on unread bytes would reset the
    // connection, and could lose the answer.
    socket.resume()
    const head = [
      `HTTP/1.1 ${status}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      '',
    ]
    socket.end(head.join('\r\n') + body)
  }

  const collect = (piece: Buffer) => {
    received = Buffer.concat([received, piece])
    const end = received.indexOf('\r\n\r\n')
    // Asked before anything else, so that the answer does not depend on how the head was cut.
    // Content does not count.
    if ((end === -1 ? received.length : end + 4) > LONGEST_HEAD)
      return answer('431 Request Header Fields Too Large', '')
    if (end === -1) return
    // Latin1: one character per byte, whatever the bytes mean. UTF-8 would replace what it cannot
    // read.
    const head = parseHead(received.subarray(0, end).toString('latin1'))
    if (head === null) return answer('400 Bad Request', '')
    answer('200 OK', JSON.stringify(head))
  }

  socket.on('data', collect)
  // A client may go away in the middle; that must not end the program.
  socket.on('error', () => socket.destroy())
})

server.listen(Number(process.env.PORT), '127.0.0.1')

/** What a head says; null when it is malformed. */
function parseHead(text: string): Head | null {
  const [requestLine, ...lines] = text.split(/\r?\n/)
  const request = REQUEST_LINE.exec(requestLine!)
  if (!request) return null
  const headers: Head['headers'] = []
  for (const line of lines) {
    const field = FIELD_LINE.exec(line)
    if (!field) return null
    headers.push([field[1]!.toLowerCase(), field[2]!])
  }
  const version = request[3]!
  // Without it, nobody knows which site is meant; with two of them, two readers may mean different
  // ones.
  const hosts = headers.filter(([name]) => name === 'host').length
  if (version === 'HTTP/1.1' && hosts !== 1) return null
  return { method: request[1]!, target: request[2]!, version, headers }
}
