import { LONGEST_HEAD } from '../../../types/limits.ts'

const LF = 0x0a
const CR = 0x0d

/**
 * The bytes of a head until its empty line, however they are cut. Line feeds alone end lines, too,
 * as in Chromium (HttpUtil::LocateEndOfHeaders).
 */
export class HeadBuffer {
  #pieces: Uint8Array[] = []
  #length = 0
  /**
   * What the last bytes were: part of a line, a line feed, or a line feed and a carriage return.
   */
  #after: 'text' | 'LF' | 'LF CR' = 'text'

  get length(): number {
    return this.#length
  }

  get isTooLong(): boolean {
    return this.#length > LONGEST_HEAD
  }

  /**
   * Takes bytes from `start` on. Returns the index after the empty line; -1 when it has not come.
   */
  add(bytes: Uint8Array, start: number): number {
    const end = this.#findEnd(bytes, start)
    const piece = bytes.subarray(start, end === -1 ? bytes.length : end)
    this.#pieces.push(piece)
    this.#length += piece.length
    return end
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces)
  }

  #findEnd(bytes: Uint8Array, start: number): number {
    for (let index = start; index < bytes.length; index++) {
      if (this.#after === 'text') {
        const lineEnd = bytes.indexOf(LF, index)
        if (lineEnd === -1) return -1
        index = lineEnd
        this.#after = 'LF'
        continue
      }
      const byte = bytes[index]
      if (byte === LF) return index + 1
      this.#after = byte === CR && this.#after === 'LF' ? 'LF CR' : 'text'
    }
    return -1
  }
}
