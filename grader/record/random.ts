import { hash, randomBytes, randomInt } from 'node:crypto'
import type { Random } from '../types/kit.ts'

export const random: Random = createRandom({
  hex: (length) =>
    randomBytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length),
  below: (limit) => randomInt(limit),
})

/**
 * Values that look drawn and are the same for the same seed, for texts that are compared from run
 * to run.
 */
export function seededRandom(seed: string): Random {
  let drawn = 0
  const digest = () => hash('sha256', `${seed}/${drawn++}`, 'buffer')
  const hex = (length: number): string =>
    length <= 0 ? '' : digest().toString('hex').slice(0, length) + hex(length - 64)
  return createRandom({ hex, below: (limit) => digest().readUIntBE(0, 6) % limit })
}

function createRandom({
  hex,
  below,
}: {
  hex: (length: number) => string
  below: (limit: number) => number
}): Random {
  const pick = (letters: string) => letters[below(letters.length)]!
  return {
    token: (length = 12) => hex(length),
    word: () => Array.from({ length: 3 }, () => pick('bdfgklmnprstvz') + pick('aeiou')).join(''),
    integer: (low, high) => low + below(high + 1 - low),
    bytes: (length) => Uint8Array.from(Buffer.from(hex(length * 2), 'hex')),
    shuffle(items) {
      const left = [...items]
      return items.map(() => left.splice(below(left.length), 1)[0]!)
    },
    uuid() {
      const [start, middle, end] = [hex(8), hex(4), hex(12)]
      return `${start}-${middle}-4${hex(3)}-${pick('89ab')}${hex(3)}-${end}`
    },
  }
}
