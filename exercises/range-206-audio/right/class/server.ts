import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'

/** Several ranges, too, each as a part (RFC 9110 §14.6); late, and in small chunks. */
class Recording {
  readonly #handle: FileHandle
  readonly #size: number
  readonly #etag: string

  static async open(path: string) {
    const handle = await open(path)
    const { size } = await handle.stat()
    const hash = createHash('sha1')
    for await (const piece of handle.createReadStream({ start: 0, autoClose: false }))
      hash.update(piece)
    return new Recording(handle, size, `"${hash.digest('base64')}"`)
  }

  constructor(handle: FileHandle, size: number, etag: string) {
    this.#handle = handle
    this.#size = size
    this.#etag = etag
  }

  async [Symbol.asyncDispose]() {
    await this.#handle.close()
  }

  async answer({ method, headers }: IncomingMessage, response: ServerResponse) {
    const common = { ETag: this.#etag, 'Accept-Ranges': 'bytes', 'Cache-Control': 'no-cache' }
    const everything = { 'Content-Type': 'audio/wav', 'Content-Length': this.#size }
    const isSame = !headers['if-range'] || headers['if-range'] === this.#etag
    const asked = method === 'GET' && isSame ? this.#asked(headers.range) : null
    await setTimeout(20)

    if (asked === null) {
      response.writeHead(200, { ...common, ...everything })
      if (method !== 'HEAD') await this.#send(response, 0, this.#size - 1)
    } else if (asked.length === 0) {
      response.writeHead(416, { 'Content-Range': `bytes */${this.#size}` })
    } else if (asked.length === 1) {
      const [{ first, last }] = asked as [Asked]
      const range = this.#contentRange(first, last)
      response.writeHead(206, { ...common, 'Content-Type': 'audio/wav', 'Content-Range': range })
      await this.#send(response, first, last)
    } else {
      const type = 'multipart/byteranges; boundary=next'
      response.writeHead(206, { ...common, 'Content-Type': type })
      for (const { first, last } of asked) {
        const range = this.#contentRange(first, last)
        response.write(`\r\n--next\r\nContent-Type: audio/wav\r\nContent-Range: ${range}\r\n\r\n`)
        await this.#send(response, first, last)
      }
      response.write('\r\n--next--\r\n')
    }
    response.end()
  }

  #contentRange(first: number, last: number) {
    return `bytes ${first}-${last}/${this.#size}`
  }

  #asked(range = ''): Asked[] | null {
    const list = /^bytes *= *(.+)$/i.exec(range)?.[1]?.split(',') ?? []
    const asked = list.map((each) => /^ *(\d*)-(\d*) *$/.exec(each))
    if (asked.length === 0 || asked.includes(null)) return null
    return asked
      .map((each) => this.#resolve(each?.[1] ?? '', each?.[2] ?? ''))
      .filter(({ first, last }) => first <= last && first < this.#size)
  }

  #resolve(from: string, to: string): Asked {
    const end = this.#size - 1
    if (from === '') return { first: Math.max(0, this.#size - Number(to)), last: end }
    return { first: Number(from), last: to === '' ? end : Math.min(end, Number(to)) }
  }

  async #send(response: ServerResponse, first: number, last: number) {
    const stream = this.#handle.createReadStream({
      start: first,
      end: last,
      autoClose: false,
      highWaterMark: 20_000,
    })
    for await (const piece of stream) {
      if (response.destroyed) return
      const middle = Math.ceil(piece.length / 2)
      response.write(piece.subarray(0, middle))
      response.write(piece.subarray(middle))
    }
  }
}

interface Asked {
  readonly first: number
  readonly last: number
}

createServer(async (request, response) => {
  if (request.url === '/') {
    response.setHeader('Content-Type', 'text/html')
    response.end('<audio src="/song.wav" controls preload="auto"></audio>')
  } else if (request.url === '/song.wav') {
    await using recording = await Recording.open(process.env.FILE ?? '')
    await recording.answer(request, response)
  } else response.writeHead(404).end()
}).listen(Number(process.env.PORT), '127.0.0.1')
