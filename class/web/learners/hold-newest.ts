export interface HeldOptions<Value> {
  /** So many are held, or more while more are in use. */
  readonly most: number
  readonly create: (key: string) => Value
  readonly isInUse: (value: Value) => boolean
  /** Called for each that is no longer held. */
  readonly release: (value: Value) => Promise<void>
}

/** Values that can be made again, the newest of which are held in memory. */
export interface Held<Value> {
  /** The one that is held, or a new one. */
  of(key: string): Value
  has(key: string): boolean
  /** Holds it no longer. */
  drop(key: string): Promise<void>
  /** Holds none any longer. */
  close(): Promise<void>
}

/**
 * Holds the values that were asked for last. One that is in use is never let go, however long ago
 * it was asked for: somebody follows a grading for minutes without asking for anything else.
 */
export function holdNewest<Value>({
  most,
  create,
  isInUse,
  release,
}: HeldOptions<Value>): Held<Value> {
  const held = new Map<string, Value>()

  const drop = async (key: string) => {
    const value = held.get(key)
    held.delete(key)
    if (value !== undefined) await release(value)
  }
  const letGo = (asked: string) => {
    for (const [key, value] of held) {
      if (held.size <= most) return
      if (key !== asked && !isInUse(value)) void drop(key)
    }
  }

  return {
    of(key) {
      const value = held.get(key) ?? create(key)
      held.delete(key)
      held.set(key, value)
      letGo(key)
      return value
    },
    has: (key) => held.has(key),
    drop,
    close: async () => void (await Promise.all([...held.keys()].map(drop))),
  }
}
