/**
 * Bytes that come in pieces; room is doubled, so that many small pieces cost no more than a large
 * one.
 */
export class GrowingBytes {
  readonly #most: number
  #room = Buffer.alloc(0)
  #length = 0

  /** What comes after `most` bytes is not kept. */
  constructor(most: number) {
    this.#most = most
  }

  /** All that was kept; later pieces do not change it. */
  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length)
  }

  get isFull(): boolean {
    return this.#length === this.#most
  }

  /** Returns how many of the bytes were kept. */
  add(bytes: Uint8Array): number {
    const kept = bytes.subarray(0, this.#most - this.#length)
    const needed = this.#length + kept.length
    if (needed > this.#room.length) {
      const room = Buffer.alloc(Math.min(this.#most, Math.max(needed, this.#room.length * 2)))
      room.set(this.bytes)
      this.#room = room
    }
    this.#room.set(kept, this.#length)
    this.#length = needed
    return kept.length
  }
}
