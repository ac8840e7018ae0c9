import { connect, createServer, type Socket } from 'node:net'

const upstream = new URL(process.env.UPSTREAM!)
const HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'upgrade'])

/** One request of one client, byte by byte. Each side is told that its connection ends afterwards. */
class Passage {
  readonly #client: Socket
  readonly #server: Socket
  readonly #limit: NodeJS.Timeout
  #isAnswered = false

  constructor(client: Socket, head: string, rest: Buffer) {
    this.#client = client
    this.#server = connect(Number(upstream.port), upstream.hostname)
    this.#limit = setTimeout(() => this.#fail(504, 'Gateway Timeout'), +process.env.TIMEOUT_MS!)
    const address = client.remoteAddress ?? 'unknown'
    this.#server.write(forNextHop(head, ['Via: 1.1 gw', `X-Forwarded-For: ${address}`]), 'latin1')
    this.#server.write(rest)
    client.pipe(this.#server, { end: false })
    client.on('error', () => this.#leave()).on('end', () => this.#leave())
    this.#server.on('error', () => this.#broken())
    readHead(this.#server, (answer, content) => this.#passOn(answer, content))
    this.#server.on('end', () => this.#broken())
  }

  #passOn(head: string, content: Buffer): void {
    clearTimeout(this.#limit)
    if (!/^HTTP\/1\.[01] \d{3}/.test(head)) return this.#fail(502, 'Bad Gateway')
    this.#isAnswered = true
    this.#client.write(forNextHop(head, ['Via: 1.1 gw']), 'latin1')
    this.#client.write(content)
    this.#server.pipe(this.#client)
  }

  #broken(): void {
    clearTimeout(this.#limit)
    if (!this.#isAnswered) return this.#fail(502, 'Bad Gateway')
    // What the client is told by the length or the chunks is that the end is missing.
    this.#client.end()
  }

  #leave(): void {
    clearTimeout(this.#limit)
    this.#server.destroy()
  }

  #fail(status: number, reason: string): void {
    if (this.#isAnswered || this.#client.destroyed) return
    this.#isAnswered = true
    clearTimeout(this.#limit)
    this.#server.destroy()
    const content = JSON.stringify({ status, title: reason })
    this.#client.end(
      `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/problem+json\r\n` +
        `Content-Length: ${content.length}\r\nConnection: close\r\n\r\n${content}`,
    )
  }
}

function readHead(socket: Socket, then: (head: string, rest: Buffer) => void): void {
  let received = Buffer.alloc(0)
  const read = (bytes: Buffer) => {
    received = Buffer.concat([received, bytes])
    const end = received.indexOf('\r\n\r\n')
    // What doesn't begin like HTTP has no head to be waited for.
    const isOdd = received.length >= 5 && !/^[A-Z]+[ /]/.test(received.toString('latin1', 0, 9))
    if (end < 0 && !isOdd) return
    socket.off('data', read).pause()
    const cut = isOdd ? received.length : end + 4
    then(received.toString('latin1', 0, cut), received.subarray(cut))
    socket.resume()
  }
  socket.on('data', read)
}

function forNextHop(head: string, added: readonly string[]): string {
  const [first, ...lines] = head.trimEnd().split('\r\n')
  const nameOf = (line: string) => line.slice(0, line.indexOf(':')).trim().toLowerCase()
  const named = lines
    .filter((line) => nameOf(line) === 'connection')
    .flatMap((line) => line.slice(line.indexOf(':') + 1).split(','))
    .map((name) => name.trim().toLowerCase())
  const kept = lines.filter((line) => !HOP.has(nameOf(line)) && !named.includes(nameOf(line)))
  return [first, ...kept, ...added, 'Connection: close', '', ''].join('\r\n')
}

createServer((client) => {
  client.on('error', () => {})
  readHead(client, (head, rest) => new Passage(client, head, rest))
}).listen(Number(process.env.PORT), '127.0.0.1')
