/**
 * Output of a program, kept from both ends: the first and the last 64 kB. Reading goes on, so that
 * a full pipe never stops the program.
 */
export interface CappedLog {
  append(bytes: Uint8Array): void
  text(): string
  /** The last lines, without trailing blank ones. */
  lastLines(count: number): string[]
}

const KEPT = 64 * 1024

export function createCappedLog(): CappedLog {
  let first = Buffer.alloc(0)
  let last = Buffer.alloc(0)
  let total = 0

  const text = () => {
    const cut = total - first.length - last.length
    // A character may lie across the border.
    if (cut === 0) return Buffer.concat([first, last]).toString('utf8')
    const gap = `\n… log cut: ${formatSize(total)} written, ${formatSize(2 * KEPT)} kept …\n`
    return first.toString('utf8') + gap + last.toString('utf8')
  }
  return {
    append(bytes) {
      total += bytes.length
      const room = KEPT - first.length
      if (room > 0) first = Buffer.concat([first, bytes.subarray(0, room)])
      if (bytes.length > room)
        last = Buffer.concat([last, bytes.subarray(Math.max(0, room))]).subarray(-KEPT)
    },
    text,
    lastLines: (count) => text().trimEnd().split('\n').slice(-count),
  }
}

function formatSize(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.round(bytes / 1024)} kB`
    : `${Math.round(bytes / 1_000_000)} MB`
}
