import * as net from 'node:net'

const content = Buffer.from(process.env.TEXT ?? '', 'utf8')

/** A response on its way: how its head says where it ends, and how it does end. */
abstract class Response {
  protected readonly socket: net.Socket
  protected abstract readonly framing: readonly string[]

  constructor(socket: net.Socket) {
    this.socket = socket
  }

  send() {
    const fields = ['Content-Type: text/plain; charset=utf-8', ...this.framing]
    this.socket.write(`HTTP/1.1 200 OK\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`)
    this.sendContent()
    this.end()
  }

  protected sendContent() {
    this.socket.write(content)
  }

  protected end() {}
}

class WithLength extends Response {
  protected readonly framing = [`Content-Length: ${content.length}`, 'Connection: keep-alive']
}

class Chunked extends Response {
  protected readonly framing = ['Transfer-Encoding: chunked', 'Connection: keep-alive']
  protected readonly until: number = content.length

  protected override sendContent() {
    for (let from = 0; from < this.until; from += 7) {
      const part = content.subarray(from, Math.min(from + 7, this.until))
      this.socket.write(`${part.length.toString(16).padStart(4, '0')}\r\n`)
      this.socket.write(part)
      this.socket.write('\r\n')
    }
  }

  protected override end() {
    this.socket.write('0\r\n\r\n')
  }
}

class Broken extends Chunked {
  protected override readonly until = content.length >> 1

  protected override end() {
    // Announces a chunk, and does not send it.
    this.socket.end('ff\r\n')
  }
}

class UntilClose extends Response {
  protected readonly framing = ['Connection: close']

  protected override end() {
    this.socket.end()
  }
}

const routes: Record<string, new (socket: net.Socket) => Response> = {
  '/length': WithLength,
  '/chunked': Chunked,
  '/close': UntilClose,
  '/broken': Broken,
}

const server = new net.Server((socket) => {
  socket.on('data', (request) => {
    const Route = routes[String(request).split(' ')[1] ?? '']
    if (Route) new Route(socket).send()
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  })
  socket.on('error', () => socket.destroy())
})
server.listen(Number(process.env.PORT), '127.0.0.1')
