/**
 * Keeps an output that breaks from ending the command in the middle. A reader that has seen enough (`| head`) is no fault: grading and keeping go on.
 * What cannot be written for another reason, a full disk for one, is said on stderr; `failed()` is true from then on.
 */
export function watchOutput(): { failed(): boolean } {
  let failed = false
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || failed) return
    failed = true
    process.exitCode = 3
    process.stderr.write(`The output could not be written: ${error.message}\nMake room where it goes, or send it elsewhere, then run the command again.\n`)
  })
  process.stderr.on('error', () => {})
  return { failed: () => failed }
}
