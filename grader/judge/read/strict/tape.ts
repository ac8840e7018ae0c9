/** Where a strict reader stops, and why. */
export class Problem extends Error {
  /** The byte that is wrong; the number of all bytes when more are due. */
  readonly at: number
  /** True when nothing so far is wrong, and more bytes could make it right. */
  readonly isMissing: boolean

  constructor(at: number, say: string, isMissing = false) {
    super(say)
    this.at = at
    this.isMissing = isMissing
  }
}

/** For each byte, whether it belongs to a set of characters. */
export type ByteSet = Uint8Array

export function byteSet(isMember: (character: string) => boolean): ByteSet {
  return Uint8Array.from({ length: 256 }, (_, byte) => Number(isMember(String.fromCharCode(byte))))
}

/** RFC 9110 §5.6.2. */
export const TOKEN = byteSet((character) => /[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(character))
export const DIGITS = byteSet((character) => /[0-9]/.test(character))
export const HEX_DIGITS = byteSet((character) => /[0-9A-Fa-f]/.test(character))
/** OWS and BWS, RFC 9110 §5.6.3. */
export const BLANKS = byteSet((character) => /[\t ]/.test(character))
/** What a field's value or a reason may hold: no control character but the tab (§5.5). */
export const FIELD_TEXT = byteSet((character) => /[\t\x20-\x7e\x80-\xff]/.test(character))
/** VCHAR, RFC 5234. */
export const VISIBLE = byteSet((character) => /[\x21-\x7e]/.test(character))

/**
 * Bytes that are read once, from the first to the last. It scans by tables and not by regular
 * expressions: those try runs again, and give up on very long ones.
 */
export class Tape {
  readonly bytes: Uint8Array
  /** One character a byte. */
  readonly text: string
  position = 0
  readonly #isWhole: boolean

  /** `isWhole`: nothing can follow, so what is missing is wrong. */
  constructor(bytes: Uint8Array, isWhole = false) {
    this.bytes = bytes
    this.text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    this.#isWhole = isWhole
  }

  /** The character at the position; undefined at the end. */
  get next(): string | undefined {
    return this.text[this.position]
  }

  /** Passes over the longest run of characters of a set, which may be empty, and returns it. */
  skip(set: ByteSet): string {
    const start = this.position
    while (this.position < this.bytes.length && set[this.bytes[this.position]!]) this.position++
    return this.text.slice(start, this.position)
  }

  /** Passes over one character. Throws Problem when another one, or none, is there. */
  expect(character: string, unfinished: string, otherwise: string): void {
    if (this.next === undefined) this.missing(unfinished)
    if (this.next !== character) this.refuse(otherwise)
    this.position++
  }

  /** Passes over CR LF. Throws Problem when something else, or nothing, is there. */
  expectLineEnd(unfinished: string, otherwise: string): void {
    const at = this.position
    if (this.next === '\n') this.refuse('a line feed without a carriage return before it')
    this.expect('\r', unfinished, otherwise)
    if (this.next !== undefined && this.next !== '\n')
      this.refuse('a carriage return without a line feed after it', at)
    this.expect('\n', unfinished, otherwise)
  }

  /** Takes content. Throws Problem when fewer bytes are there. */
  take(length: number, what: string): Uint8Array {
    const taken = this.bytes.subarray(this.position, this.position + length)
    if (taken.length < length) this.missing(`${what} ${taken.length} came`)
    this.position += length
    return taken
  }

  refuse(say: string, at = this.position): never {
    throw new Problem(at, say)
  }

  missing(say: string): never {
    throw new Problem(this.bytes.length, say, !this.#isWhole)
  }
}
