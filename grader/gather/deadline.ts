/** The value, or `otherwise` when it is not there in time. The work itself goes on unseen; its failure then is nobody's. */
export async function within<Value, Otherwise>(ms: number, work: Promise<Value>, otherwise: Otherwise): Promise<Value | Otherwise> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Otherwise>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), ms)
  })
  work.catch(() => {})
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Polls until `condition` gives a value or the time is up; gives that value, or undefined. */
export async function until<Value>(ms: number, condition: () => Value | undefined, every = 10): Promise<Value | undefined> {
  const deadline = performance.now() + ms
  for (;;) {
    const value = condition()
    if (value !== undefined) return value
    if (performance.now() >= deadline) return undefined
    await new Promise((resolve) => setTimeout(resolve, every))
  }
}

/**
 * How long a scenario waits for one answer. A program that once gave none is not waited for that long again: otherwise five
 * unanswered requests would take twenty seconds.
 */
export interface Patience {
  readonly ms: number
  lost(): void
}

export function createPatience(): Patience {
  let ms = 4000
  return {
    get ms() {
      return ms
    },
    lost() {
      ms = 1000
    },
  }
}
