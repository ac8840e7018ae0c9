import { randomBytes } from 'node:crypto'

/** Things that a playground's page has asked for, each under a name that nobody else knows. */
export interface DrawnNames<Thing> {
  /** Keeps the thing, and gives its name: `3f9a2c`. */
  add(thing: Thing): string
  get(name: string): Thing | undefined
}

/** So many are known at once: the oldest makes way. */
const MOST_NAMES = 100

export function createDrawnNames<Thing>(): DrawnNames<Thing> {
  const things = new Map<string, Thing>()
  return {
    add(thing) {
      const name = randomBytes(3).toString('hex')
      things.set(name, thing)
      for (const old of [...things.keys()].slice(0, -MOST_NAMES)) things.delete(old)
      return name
    },
    get: (name) => things.get(name),
  }
}
