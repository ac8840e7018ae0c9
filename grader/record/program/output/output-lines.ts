import type { OutputLine } from '../../../types/program.ts'
import type { Writable } from '../../../types/writable.ts'
import type { ProcessGroup } from '../processes/process-group.ts'

/** Output as lines, which are filled in while it comes. */
export interface OutputLines {
  readonly lines: readonly OutputLine[]
  listen(group: Pick<ProcessGroup, 'pid' | 'printed' | 'onPrinted'>): void
  /** Fills in nothing more: the list can be frozen. */
  stop(): void
}

/** Reads lines from what one process after another prints. */
export function outputLines(): OutputLines {
  const lines: Writable<OutputLine>[] = []
  let isStopped = false
  return {
    lines,
    stop: () => void (isStopped = true),
    listen(group) {
      /** The line of each stream that has not ended yet. */
      const open = new Map<OutputLine['stream'], Writable<OutputLine>>()
      const add = ({ at, text, stream = 'stdout' }: ReturnType<typeof group.printed>[number]) => {
        if (isStopped) return
        for (const piece of text.split(/(?<=\n)/)) {
          let line = open.get(stream)
          if (!line) {
            line = { stream, at, pid: group.pid, text: '' }
            lines.push(line)
            open.set(stream, line)
          }
          line.text = (line.text + piece).replace(/\r?\n$/, '')
          if (piece.endsWith('\n')) open.delete(stream)
        }
      }
      group.printed().forEach(add)
      group.onPrinted(add)
    },
  }
}
