import type { Message } from '../../types/index.ts'

export type PartName = 'start line' | 'fields' | 'empty line' | 'content'

/** A part of a message: its lines as they can be read, and its bytes. */
export interface Part {
  readonly name: PartName
  /** Of its first byte in the message. */
  readonly offset: number
  readonly bytes: Uint8Array
  readonly lines: readonly ByteLine[]
}

export interface ByteLine {
  /** One character per byte in the head; the content as UTF-8 where it is. */
  readonly text: string
  /** What ended the line. A bare LF is one of the things that can be wrong. */
  readonly ending: 'CRLF' | 'LF' | ''
}

/**
 * Takes a message apart as RFC 9112 §2.1 describes it: start line, field lines, empty line,
 * content. Parts that are not there are left out.
 */
export function anatomyOf(message: Message): Part[] {
  const head = headLines(message.head)
  const fields = head.slice(1, head.at(-1)?.text === '' ? -1 : undefined)
  const empty = head.length > 1 && head.at(-1)!.text === '' ? head.slice(-1) : []
  const parts: Part[] = []
  let offset = 0
  const add = (name: PartName, lines: readonly HeadLine[]) => {
    if (lines.length === 0) return
    const bytes = message.head.subarray(
      offset,
      offset + lines.reduce((sum, { length }) => sum + length, 0),
    )
    parts.push({ name, offset, bytes, lines: lines.map(({ text, ending }) => ({ text, ending })) })
    offset += bytes.length
  }
  add('start line', head.slice(0, 1))
  add('fields', fields)
  add('empty line', empty)
  if (message.body.length > 0)
    parts.push({ name: 'content', offset, bytes: message.body, lines: contentLines(message.body) })
  return parts
}

interface HeadLine extends ByteLine {
  readonly length: number
}

function headLines(head: Uint8Array): HeadLine[] {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1')
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => {
    const ending = line.endsWith('\r\n') ? 'CRLF' : line.endsWith('\n') ? 'LF' : ''
    return { text: line.replace(/\r?\n$/, ''), ending, length: line.length }
  })
}

const shownContent = 16_384

function contentLines(body: Uint8Array): ByteLine[] {
  const buffer = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, shownContent))
  // A cut may split the last character; that alone does not make the rest binary.
  const utf8 = buffer.toString('utf8').replace(/\ufffd{1,3}$/, '')
  const text = utf8.includes('\ufffd') ? buffer.toString('latin1') : utf8
  return text.split('\n').map((line) => ({ text: line.replace(/\r$/, ''), ending: '' }))
}

/** Rows of 16 bytes: where they stand, in hexadecimal, and as letters where they are any. */
export function hexRows(
  { bytes, offset }: Pick<Part, 'bytes' | 'offset'>,
  most = Infinity,
): { readonly rows: string[]; readonly omitted: number } {
  const shown = bytes.subarray(0, most)
  const rows = Array.from({ length: Math.ceil(shown.length / 16) }, (_, row) => {
    const slice = [...shown.subarray(row * 16, row * 16 + 16)]
    const hex = slice.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const letters = slice
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
      .join('')
    return `${(offset + row * 16).toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${letters}`
  })
  return { rows, omitted: bytes.length - shown.length }
}
