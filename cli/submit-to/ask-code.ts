import type { ReadStream } from 'node:tty'
import { UsageError } from '../explain-error.ts'

/** What a code is read from, and where it is asked for. */
export interface CodeSource {
  readonly input: Pick<ReadStream, 'on' | 'off' | 'resume' | 'pause' | 'isTTY'> &
    Partial<Pick<ReadStream, 'setRawMode'>>
  readonly prompt: (text: string) => void
}

const HERE: CodeSource = {
  input: process.stdin,
  // Standard output holds the report alone.
  prompt: (text) => void process.stderr.write(text),
}

/**
 * The code that somebody types: unseen in a terminal, else the first line of standard input.
 * @throws UsageError when there is none, `onInterrupt` for Ctrl-C, the signal's reason
 */
export async function askCode(
  question: string,
  signal: AbortSignal,
  onInterrupt: () => Error,
  { input, prompt }: CodeSource = HERE,
): Promise<string> {
  signal.throwIfAborted()
  const isHidden = input.isTTY && input.setRawMode !== undefined
  prompt(`${question} `)
  if (isHidden) input.setRawMode!(true)
  try {
    const typed = (await readTyped(input, isHidden, signal, onInterrupt)).trim()
    if (typed !== '') return typed
    throw new UsageError(
      'Without a code the class does not know who you are. It is on your card. A script gives it in ROUNDTRIP_CODE.',
    )
  } finally {
    if (isHidden) input.setRawMode!(false)
    input.pause()
    prompt('\n')
  }
}

/** The keys of a terminal in raw mode, which gives every one of them as it is. */
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const BACKSPACES = ['\u007f', '\b']
const CTRL_U = '\u0015'
/** Nobody types more for a code. */
const LONGEST = 1000

function readTyped(
  input: CodeSource['input'],
  isHidden: boolean,
  signal: AbortSignal,
  onInterrupt: () => Error,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let typed = ''
  const onData = (data: Buffer | string) => {
    for (const key of String(data)) {
      if (isHidden && key === CTRL_C) return reject(onInterrupt())
      if (key === '\r' || key === '\n' || (isHidden && key === CTRL_D)) return resolve(typed)
      if (isHidden && BACKSPACES.includes(key)) typed = typed.slice(0, -1)
      else if (isHidden && key === CTRL_U) typed = ''
      else if (typed.length < LONGEST) typed += key
    }
  }
  const onEnd = () => resolve(typed)
  const onAbort = () => reject(signal.reason as Error)
  input.on('data', onData)
  input.on('end', onEnd)
  input.on('error', onEnd)
  signal.addEventListener('abort', onAbort, { once: true })
  input.resume()
  return promise.finally(() => {
    input.off('data', onData)
    input.off('end', onEnd)
    input.off('error', onEnd)
    signal.removeEventListener('abort', onAbort)
  })
}
