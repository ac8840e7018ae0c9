import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { Clock } from '../../timing/clock.ts'
import type { Printed } from '../../../types/index.ts'

/**
 * What a program printed, piece by piece as it was read, each with its time. Only the first 64 kB,
 * in at most 1000 pieces.
 */
export interface TimedOutput {
  listen(stream: Readable, name: 'stdout' | 'stderr'): void
  pieces(): Printed[]
  /** Calls for every piece that is still to come. */
  subscribe(onPiece: (piece: Printed) => void): void
}

const KEPT_CHARACTERS = 64 * 1024
const KEPT_PIECES = 1000

export function createTimedOutput(clock: Clock): TimedOutput {
  const pieces: Printed[] = []
  const subscribers: ((piece: Printed) => void)[] = []
  let characters = 0
  return {
    listen(readable, stream) {
      // A character may lie across the border of two pieces.
      const decoder = new StringDecoder('utf8')
      readable.on('data', (bytes: Buffer) => {
        if (characters >= KEPT_CHARACTERS || pieces.length >= KEPT_PIECES) return
        const text = decoder.write(bytes).slice(0, KEPT_CHARACTERS - characters)
        if (text === '') return
        const piece = { at: clock.now(), text, stream }
        pieces.push(piece)
        characters += text.length
        subscribers.forEach((onPiece) => onPiece(piece))
      })
    },
    pieces: () => [...pieces],
    subscribe: (onPiece) => void subscribers.push(onPiece),
  }
}
