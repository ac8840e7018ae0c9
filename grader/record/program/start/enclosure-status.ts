import type { Readable } from 'node:stream'

/** The descriptor on which an enclosed program says how it is (report-end.mjs). */
export const STATUS_FD = 4

/** More than is ever said. */
const MOST = 1000

/** What an enclosed program has said of itself so far. */
export interface EnclosureStatus {
  /** True once the program runs: what was printed until then, it did not print. */
  readonly begun: boolean
  /** The code with which it ended itself; null when it did not get to say so. */
  readonly exitCode: number | null
}

/**
 * Reads what an enclosed program says. The first line comes before the program's own; what it may
 * write afterwards in place of the second can only misstate its own end.
 */
export function readEnclosureStatus(stream: Readable): {
  readonly now: () => EnclosureStatus
  /** Settles when nothing more can come. */
  readonly over: Promise<void>
} {
  let text = ''
  stream.setEncoding('utf8').on('data', (piece: string) => {
    text = (text + piece).slice(0, MOST)
  })
  stream.on('error', () => {})
  return {
    now: () => statusOf(text),
    over: new Promise((resolve) => stream.once('close', resolve)),
  }
}

function statusOf(text: string): EnclosureStatus {
  const [first, second = ''] = text.split('\n')
  const code = /^exit (\d{1,3})$/.exec(second)?.[1]
  return { begun: first === 'begun', exitCode: code === undefined ? null : Number(code) }
}
