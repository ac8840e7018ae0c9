import { scanFences } from './fences.ts'

/**
 * A fenced block of messages that were recorded: ```` ```http from=cookies-set-and-return#GET/login
 * ````, or the same drawn as a `sequence`.
 */
export interface WireBlock {
  /** The exercise whose reference solution was recorded. */
  readonly exercise: string
  /**
   * Method and target of the exchange an empty block is filled with: `GET/login`; of a sequence
   * several, with commas between them.
   */
  readonly request?: string
  readonly messages: readonly WrittenMessage[]
  /** Index of the block's opening line within the markdown, from 0. */
  readonly index: number
  /** How many lines stand in it. */
  readonly length: number
}

export interface WrittenMessage {
  /** Undefined: the first line tells. */
  readonly side?: 'request' | 'response'
  /** What is written beside the arrow and is no start line: by whom, or when. */
  readonly remark: string
  /** As written, `…` for what was left out. */
  readonly lines: readonly string[]
}

/** A line of a `sequence` that begins with a hyphen: what happens between the messages. */
export interface WrittenNote {
  readonly note: string
}

/** The blocks of a lesson that say which exercise they were recorded from. */
export function parseWireBlocks(markdown: string): WireBlock[] {
  return scanFences(markdown).fences.flatMap(({ info, lines, start }): WireBlock[] => {
    const from = /^(?:http|sequence)\b.*\sfrom=([a-z0-9-]+)(?:#(\S+))?/.exec(info)
    if (!from) return []
    const [, exercise, request] = from
    return [
      {
        exercise: exercise!,
        ...(request !== undefined && { request }),
        messages: splitMessages(/^sequence\b/.test(info) ? withoutNotes(lines) : lines),
        index: start,
        length: lines.length,
      },
    ]
  })
}

/** A `sequence` in order: its messages, and what happens between them. */
export function parseSequence(lines: readonly string[]): (WrittenMessage | WrittenNote)[] {
  const noteAt = lines.findIndex(isNote)
  if (noteAt === -1) return splitMessages(lines)
  const note = lines[noteAt]!.slice(1).trim()
  return [
    ...splitMessages(lines.slice(0, noteAt)),
    { note },
    ...parseSequence(lines.slice(noteAt + 1)),
  ]
}

function withoutNotes(lines: readonly string[]): string[] {
  return lines.filter((line) => !isNote(line))
}

function isNote(line: string): boolean {
  return /^- +\S/.test(line)
}

/**
 * A line that begins with an arrow begins a message; words after it that are no start line are a
 * remark.
 */
function splitMessages(lines: readonly string[]): WrittenMessage[] {
  const messages: { side?: 'request' | 'response'; remark: string; lines: string[] }[] = []
  for (const line of lines) {
    const [, arrow, rest = ''] = /^([→←])\s*(.*)$/.exec(line) ?? []
    if (arrow)
      messages.push({
        side: arrow === '→' ? 'request' : 'response',
        remark: isStartLine(rest) ? '' : rest,
        lines: isStartLine(rest) ? [rest] : [],
      })
    else if (messages.length > 0) messages.at(-1)!.lines.push(line)
    else messages.push({ remark: '', lines: [line] })
  }
  return messages
    .map((message) => ({ ...message, lines: withoutBlankEnds(message.lines) }))
    .filter((message) => message.lines.length > 0)
}

function isStartLine(text: string): boolean {
  return /^(?:[A-Z][A-Z-]* \S+ HTTP\/[\d.]+|HTTP\/[\d.]+ \d{3}\b.*)$/.test(
    text.replace('␍␊', '').trim(),
  )
}

function withoutBlankEnds(lines: readonly string[]): string[] {
  // An empty line that shows its end is one, too.
  const isFull = (line: string) => line.replaceAll('␍␊', '').trim() !== ''
  return lines.slice(Math.max(0, lines.findIndex(isFull)), lines.findLastIndex(isFull) + 1)
}
