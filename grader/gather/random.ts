import { randomBytes, randomInt } from 'node:crypto'
import type { Random } from './server-kit.ts'

export const random: Random = {
  token: (length = 12) => randomBytes(Math.ceil(length / 2)).toString('hex').slice(0, length),
  word: () => Array.from({ length: 3 }, () => pick('bdfgklmnprstvz') + pick('aeiou')).join(''),
  integer: (low, high) => randomInt(low, high + 1),
}

function pick(letters: string): string {
  return letters[randomInt(letters.length)]!
}
