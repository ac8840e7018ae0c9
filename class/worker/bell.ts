/** Wakes a loop that waits. A ring before it waits is not lost. */
export interface Bell {
  ring(): void
  /** Settles at the next ring, or after so many milliseconds. */
  wait(ms: number): Promise<void>
}

export function createBell(): Bell {
  let hasRung = false
  let wake = () => {}
  return {
    ring() {
      hasRung = true
      wake()
    },
    async wait(ms) {
      if (!hasRung) {
        let timer: NodeJS.Timeout | undefined
        await new Promise<void>((resolve) => {
          wake = resolve
          timer = setTimeout(resolve, ms)
        })
        clearTimeout(timer)
        wake = () => {}
      }
      hasRung = false
    },
  }
}
