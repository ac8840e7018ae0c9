import { Server, type Socket } from 'node:net'

/** Keeps a connection open and answers the requests on it one after the other. */
class Connection {
  #socket: Socket
  #unread = ''

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text) => this.#read(String(text)))
    socket.on('error', () => socket.destroy())
  }

  #read(text: string) {
    this.#unread += text
    for (;;) {
      const end = this.#unread.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = this.#unread.slice(0, end)
      this.#unread = this.#unread.slice(end + 4)
      const [, target = ''] = head.split(' ')
      this.#answer(target.split('?', 1)[0] === '/' ? page() : missing(target))
    }
  }

  #answer({ status, type, text }: ReturnType<typeof page>) {
    const bytes = new TextEncoder().encode(text)
    this.#socket.write(`HTTP/1.1 ${status} \r\n`)
    this.#socket.write(`content-length: ${bytes.length}\r\ncontent-type: ${type}\r\n\r\n`)
    this.#socket.write(bytes)
  }
}

function page() {
  const text = `<!doctype html><title>Sensor</title><p>${process.env.MESSAGE}</p>`
  return { status: 200, type: 'text/html; charset=utf-8', text }
}

function missing(target: string) {
  return { status: 404, type: 'text/plain; charset=us-ascii', text: `No ${target} here.` }
}

new Server((socket) => new Connection(socket)).listen(Number(process.env.PORT), '127.0.0.1')
