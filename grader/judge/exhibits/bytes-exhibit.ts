import type { MarkedLine, TextExhibit } from '../../types/index.ts'

const MOST_LINES = 14
const LONGEST_LINE = 200

/**
 * Bytes as lines, with every line end to be seen (␍␊) and what cannot be printed as \\xNN; a caret
 * under the byte at `at`. Of long ones, what is around that byte.
 */
export function bytesExhibit(title: string, bytes: Uint8Array, at?: number): TextExhibit {
  const lines: { text: string; from: number; mark?: [number, number] }[] = []
  let current = { text: '', from: 0 } as (typeof lines)[number]
  for (let index = 0; index <= bytes.length; index++) {
    const shown = index === bytes.length ? '' : visible(bytes[index]!)
    if (index === at)
      current.mark = [current.text.length, current.text.length + Math.max(1, shown.length)]
    if (index === at && shown === '') current.text += ' '
    current.text += shown
    if (bytes[index] === 0x0a || current.text.length >= LONGEST_LINE) {
      lines.push(current)
      current = { text: '', from: index + 1 }
    }
  }
  if (current.text !== '') lines.push(current)
  const marked = Math.max(
    0,
    lines.findIndex(({ mark }) => mark),
  )
  const first = Math.max(0, Math.min(marked - MOST_LINES + 4, lines.length - MOST_LINES))
  const shown: MarkedLine[] = lines
    .slice(first, first + MOST_LINES)
    .map(({ text, mark }) => (mark ? { text, mark } : { text }))
  return {
    kind: 'text',
    title,
    lines: [
      ...(first > 0 ? [{ text: '…' }] : []),
      ...(shown.length === 0 ? [{ text: '(no bytes)' }] : shown),
      ...(first + MOST_LINES < lines.length ? [{ text: '…' }] : []),
    ],
  }
}

function visible(byte: number): string {
  if (byte === 0x0d) return '␍'
  if (byte === 0x0a) return '␊'
  if (byte === 0x09) return '␉'
  return byte >= 0x20 && byte < 0x7f
    ? String.fromCharCode(byte)
    : `\\x${byte.toString(16).padStart(2, '0')}`
}
