import { createServer, type Socket } from 'node:net'

const LONGEST = 8192
const END = '\r\n\r\n'
const PUNCTUATION = "!#$%&'*+-.^_`|~"

/** One connection: takes byte after byte until its head is complete or too long. */
class Conversation {
  #socket: Socket
  #head = ''
  /** How many characters of END the last bytes match. */
  #matched = 0
  #isOver = false

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (bytes: Buffer) => bytes.forEach((byte) => this.#take(byte)))
    socket.on('error', () => socket.destroy())
  }

  #take(byte: number) {
    if (this.#isOver) return
    const character = String.fromCharCode(byte)
    this.#head += character
    this.#matched = character === END[this.#matched] ? this.#matched + 1 : Number(byte === 13)
    if (this.#head.length > LONGEST) this.#answer('431 Request Header Fields Too Large')
    else if (this.#matched === END.length) this.#judge()
  }

  #judge() {
    try {
      const report = readHead(this.#head.slice(0, -END.length).split('\r\n'))
      this.#answer('200 OK', JSON.stringify(report))
    } catch {
      this.#answer('400 Bad Request')
    }
  }

  #answer(status: string, content = '') {
    this.#isOver = true
    const bytes = Buffer.from(content)
    this.#socket.write(`HTTP/1.1 ${status}\r\nconnection: close\r\n`)
    this.#socket.write(`content-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`)
    this.#socket.end(bytes)
  }
}

function readHead([first = '', ...lines]: string[]) {
  const [method = '', target = '', version = '', ...rest] = first.split(' ')
  demand(isToken(method) && target !== '' && rest.length === 0)
  demand([...target].every((each) => each > ' ' && each !== '\x7f'))
  demand(version === 'HTTP/1.0' || version === 'HTTP/1.1')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0))
    const value = line.slice(colon + 1)
    demand(isToken(name) && [...value].every(isText))
    return [name.toLowerCase(), trimmed(value)]
  })
  const hosts = headers.filter(([name]) => name === 'host')
  demand(version === 'HTTP/1.0' || hosts.length === 1)
  return { method, target, version, headers }
}

const isText = (each: string) => each === '\t' || (each >= ' ' && each !== '\x7f')
const isAlphanumeric = (each: string) => /[a-z0-9]/i.test(each)
const isToken = (text: string) =>
  text !== '' && [...text].every((each) => isAlphanumeric(each) || PUNCTUATION.includes(each))
const trimmed = (value: string) => value.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '')

function demand(isSo: boolean) {
  if (!isSo) throw new SyntaxError('malformed head')
}

createServer((socket) => new Conversation(socket)).listen(Number(process.env.PORT), '127.0.0.1')
