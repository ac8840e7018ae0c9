import { createHash, type Hash } from 'node:crypto'
import type { Message } from '../../../types/index.ts'
import { KEPT_BYTES, LONGEST_CONTENT } from '../../../types/limits.ts'
import type { Writable } from '../../../types/writable.ts'
import { GrowingBytes } from './growing-bytes.ts'

/** Fills in the content of a message while it comes. */
export class Content {
  readonly #message: Writable<Message>
  readonly #kept = new GrowingBytes(KEPT_BYTES)
  readonly #framing = new GrowingBytes(KEPT_BYTES)
  #length = 0
  #rest: { bytes: number; hash: Hash } | null = null

  constructor(message: Writable<Message>) {
    this.#message = message
  }

  get length(): number {
    return this.#length
  }

  get isTooLong(): boolean {
    return this.#length > LONGEST_CONTENT
  }

  add(bytes: Uint8Array): void {
    this.#length += bytes.length
    const kept = this.#kept.add(bytes)
    if (kept > 0) this.#message.body = this.#kept.bytes
    if (kept === bytes.length) return
    this.#rest ??= { bytes: 0, hash: createHash('sha256') }
    this.#rest.bytes += bytes.length - kept
    this.#rest.hash.update(bytes.subarray(kept))
  }

  /** What lies around the content where it comes in chunks. */
  addFraming(bytes: Uint8Array): void {
    if (this.#framing.add(bytes) > 0) this.#message.framing = this.#framing.bytes
  }

  /** Nothing more is added. */
  end(): void {
    if (this.#rest)
      this.#message.rest = { bytes: this.#rest.bytes, sha256: this.#rest.hash.digest('hex') }
    this.#rest = null
  }
}
