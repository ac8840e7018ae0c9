import type { ReadStream } from 'node:tty'

export interface Keys {
  /** False where nobody can press one. */
  readonly there: boolean
  /** Sets what hears of each key from now on. */
  listen(onKey: (key: string) => void): void
  /** The terminal is as it was. */
  close(): void
}

/**
 * Single keys of a terminal, without Enter. Ctrl-D and a terminal that went away are reported as `q`.
 * Ctrl-C, which such a terminal makes a key, calls `interrupt`, as if it were the signal.
 */
export function readKeys(
  stdin: ReadStream = process.stdin,
  interrupt: () => void = () => void process.kill(process.pid, 'SIGINT'),
): Keys {
  if (!stdin.isTTY || typeof stdin.setRawMode !== 'function')
    return { there: false, listen: () => {}, close: () => {} }
  let listener: (key: string) => void = () => {}
  const quit = () => listener('q')
  const onData = (data: Buffer | string) => {
    const text = data.toString()
    // An arrow or a function key comes as a sequence of characters that nobody typed.
    if (text.startsWith('\x1b')) return
    for (const key of text) {
      if (key === '\x03') interrupt()
      else listener(key === '\x04' ? 'q' : key.toLowerCase())
    }
  }
  stdin.setRawMode(true)
  stdin.on('data', onData).on('end', quit).on('error', quit)
  stdin.resume()
  return {
    there: true,
    listen: (onKey) => (listener = onKey),
    close() {
      listener = () => {}
      stdin.off('data', onData).off('end', quit)
      try {
        stdin.setRawMode(false)
      } catch {
        // The terminal is gone.
      }
      stdin.pause()
    },
  }
}
