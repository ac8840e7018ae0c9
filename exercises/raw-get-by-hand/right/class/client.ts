import { Socket } from 'node:net'

class Probe {
  readonly #socket = new Socket()
  #answer = ''

  ask(host: string, port: number, target: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    this.#socket.on('readable', () => this.#read())
    this.#socket.on('end', () => resolve(this.#answer))
    this.#socket.on('error', reject)
    this.#socket.connect(port, host, () => {
      // Line by line: the server puts together again what comes in several pieces.
      this.#line(`GET ${target} HTTP/1.1`)
      this.#line('Connection: close')
      this.#line(`Host: ${host}:${port}`)
      this.#line('')
    })
    return promise
  }

  #line(text: string): void {
    this.#socket.write(`${text}\r\n`)
  }

  #read(): void {
    for (let piece = this.#next(); piece !== null; piece = this.#next())
      this.#answer += piece.toString('binary')
  }

  #next(): Buffer | null {
    return this.#socket.read() as Buffer | null
  }
}

export async function get(host: string, port: number, target: string): Promise<string> {
  return new Probe().ask(host, port, target)
}
