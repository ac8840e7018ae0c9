export interface Output {
  /**
   * True once something could not be written, for another reason than that nobody reads any more.
   */
  failed(): boolean
  /** Settles when all that was printed so far is written, or cannot be. */
  written(): Promise<void>
}

/**
 * Keeps an output that breaks from ending the command in the middle. A reader that has seen enough
 * (`| head`) is no fault: grading and keeping go on. What cannot be written for another reason, a
 * full disk for one, is said on stderr.
 */
export function watchOutput(): Output {
  let failed = false
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || failed) return
    failed = true
    process.stderr.write(
      `The output could not be written: ${error.message}\nMake room where it goes, or send it elsewhere, then run the command again.\n`,
    )
  })
  process.stderr.on('error', () => {})
  return {
    failed: () => failed,
    async written() {
      for (const stream of [process.stdout, process.stderr])
        await new Promise<void>((resolve) => stream.write('', () => resolve()))
    },
  }
}
