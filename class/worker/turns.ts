/**
 * Lets the gradings of a worker run side by side, and one now and then by itself. A submission whose
 * workers were lost twice may be what they were lost to, or have been beside that: its last attempt
 * is made alone, so that nothing else is lost with it.
 */
export interface Turns {
  /** Something is to run alone, or does: nothing else may begin. */
  isReserved(): boolean
  reserve(): void
  begin(): void
  /** Of everything that began, also of what had reserved its turn. */
  end(wasReserved: boolean): void
  /** Settles when nothing runs but the one that has reserved its turn, or the signal is aborted. */
  alone(signal: AbortSignal): Promise<void>
}

/** `onFree` is called when others may begin again. */
export function createTurns(onFree: () => void): Turns {
  let running = 0
  let isReserved = false
  let proceed = () => {}
  return {
    isReserved: () => isReserved,
    reserve: () => void (isReserved = true),
    begin: () => void running++,
    end(wasReserved) {
      running--
      if (wasReserved) {
        isReserved = false
        onFree()
      } else if (isReserved && running === 1) proceed()
    },
    async alone(signal) {
      if (running === 1 || signal.aborted) return
      await new Promise<void>((resolve) => {
        proceed = resolve
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    },
  }
}
