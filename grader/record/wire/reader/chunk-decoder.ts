import type { Content } from './content.ts'

const LF = 0x0a

/** A line longer than this is none (HttpChunkedDecoder::kMaxLineBufLen). */
const LONGEST_LINE = 16_384

/**
 * Takes content out of its chunks as Chromium does (HttpChunkedDecoder): lines may end with a line
 * feed alone, spaces may follow a size, extensions and trailers are passed over.
 */
export class ChunkDecoder {
  /** Done: the last chunk and its trailers are over. Broken: this is no chunked content. */
  state: 'size' | 'data' | 'data end' | 'trailers' | 'done' | 'broken' = 'size'
  #remaining = 0
  #line: Uint8Array[] = []
  #lineLength = 0

  /**
   * Takes bytes from `start` on, hands over the content among them and what lies around it, and
   * returns the index after the last byte that belongs to it.
   */
  add(bytes: Uint8Array, start: number, content: Pick<Content, 'add' | 'addFraming'>): number {
    let index = start
    while (index < bytes.length && this.state !== 'done' && this.state !== 'broken') {
      if (this.state === 'data') {
        const piece = bytes.subarray(index, index + this.#remaining)
        content.add(piece)
        index += piece.length
        this.#remaining -= piece.length
        if (this.#remaining === 0) this.state = 'data end'
        continue
      }
      const lineEnd = bytes.indexOf(LF, index)
      const piece = bytes.subarray(index, lineEnd === -1 ? bytes.length : lineEnd)
      this.#line.push(piece)
      this.#lineLength += piece.length
      content.addFraming(bytes.subarray(index, index + piece.length + (lineEnd === -1 ? 0 : 1)))
      index += piece.length
      if (this.#lineLength > LONGEST_LINE) this.state = 'broken'
      if (lineEnd === -1 || this.state === 'broken') continue
      index++
      this.#endLine()
    }
    return index
  }

  #endLine(): void {
    const line = Buffer.concat(this.#line).toString('latin1').replace(/\r$/, '')
    this.#line = []
    this.#lineLength = 0
    if (this.state === 'data end') {
      this.state = line === '' ? 'size' : 'broken'
      return
    }
    if (this.state === 'trailers') {
      if (line === '') this.state = 'done'
      return
    }
    const [digits = ''] = line.split(';', 1)
    const size = /^[\da-f]+ *$/i.test(digits) ? Number.parseInt(digits, 16) : NaN
    if (!Number.isSafeInteger(size)) this.state = 'broken'
    else if (size === 0) this.state = 'trailers'
    else {
      this.state = 'data'
      this.#remaining = size
    }
  }
}
