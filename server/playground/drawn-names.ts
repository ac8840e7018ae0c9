import { randomBytes } from 'node:crypto'

/** Things that a playground's page has asked for, each under a name that nobody else knows. */
export interface DrawnNames<Thing> {
  /** Keeps the thing, and gives its name: `3f9a2c`. The oldest makes way. */
  add(thing: Thing): string
  get(name: string): Thing | undefined
  /** Keeps none any more; settles when all are closed. */
  close(): Promise<void>
}

interface DrawnNamesOptions<Thing> {
  /** So many are known at once. */
  readonly most?: number
  /** Called with each thing that is not kept any more. */
  readonly onLeave?: (thing: Thing) => Promise<void>
}

export function createDrawnNames<Thing>({
  most = 100,
  onLeave = async () => {},
}: DrawnNamesOptions<Thing> = {}): DrawnNames<Thing> {
  const things = new Map<string, Thing>()
  const leave = async (names: readonly string[]) => {
    const left = names.map((name) => things.get(name)!)
    names.forEach((name) => things.delete(name))
    await Promise.all(left.map(onLeave))
  }
  return {
    add(thing) {
      const name = randomBytes(3).toString('hex')
      things.set(name, thing)
      void leave([...things.keys()].slice(0, -most))
      return name
    },
    get: (name) => things.get(name),
    close: () => leave([...things.keys()]),
  }
}
