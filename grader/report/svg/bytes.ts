import { html } from 'hono/html'
import type { Exchange, Message } from '../../types/index.ts'
import { anatomyOf, type ByteLine, type Part } from './anatomy.ts'
import { words, type Markup, type Picture, type TwinRow } from './picture.ts'

/**
 * The two messages of an exchange line by line, each line with what it is: start line, field, empty
 * line, content.
 */
export function bytesPicture(exchange: Exchange, { id }: { id: string }): Picture {
  const { request, response, garbage } = exchange
  const sides = [
    { name: 'Request', className: 'p-request', parts: anatomyOf(request) },
    ...(response
      ? [{ name: 'Response', className: 'p-response', parts: anatomyOf(response) }]
      : []),
    ...(garbage
      ? [{ name: 'Instead of a response', className: 'p-response', parts: [garbagePart(garbage)] }]
      : []),
  ]
  let y = 0
  const drawing = sides.map(({ name, className, parts }) => {
    const top = y
    const rows = parts.flatMap(linesOf)
    y += 30 + rows.length * LINE + 12
    return html`<g class="${className}">${words({ text: name, className: 'p-party', from: 0, to: 1, y: top + 18 })}${rows.map((row, index) => lineView(row, top + 30 + index * LINE))}</g>`
  })
  return {
    id,
    title: `${request.method} ${request.target} → ${response ? response.status : 'no answer'}`,
    summary: sides
      .map(
        ({ name, parts }) =>
          `${name.toLowerCase()}: ${sizeOf(name === 'Request' ? request : response, parts)}`,
      )
      .join('; '),
    height: y,
    drawing: html`${drawing}`,
    twin: {
      columns: ['Message', 'Part', 'Line'],
      rows: sides.flatMap(({ name, parts }) =>
        parts
          .flatMap(linesOf)
          .map((row): TwinRow => ({ cells: [name, row.part, `${row.text} ${row.ending}`.trim()] })),
      ),
    },
  }
}

const LINE = 18
const mostLines = 40

interface Row extends ByteLine {
  readonly part: string
  readonly first: boolean
}

function linesOf({ name, lines }: Part): Row[] {
  const rows = lines
    .slice(0, mostLines)
    .map((line, index): Row => ({ ...line, part: name, first: index === 0 }))
  return lines.length > mostLines
    ? [
        ...rows,
        { text: `… ${lines.length - mostLines} more lines`, ending: '', part: name, first: false },
      ]
    : rows
}

function lineView({ text, ending, part, first }: Row, y: number): Markup {
  return html`${first && words({ text: part, className: 'p-part', from: 0, to: 0.13, y: y + 13 })}<svg x="14%" y="${y - 3}" width="86%" height="22"><text class="p-bytes ${part.replace(' ', '-')}" x="0" y="16" xml:space="preserve">${visibleBytes(text)}<tspan class="p-ending" dx="4">${ending}</tspan></text></svg>`
}

/** Every byte that is no letter as an escape; the picture is a file, which may not hold them. */
function visibleBytes(text: string): string {
  return text
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
      (character) => `\\x${character.codePointAt(0)!.toString(16).padStart(2, '0')}`,
    )
    .slice(0, 400)
}

function garbagePart(garbage: Uint8Array): Part {
  return {
    ...anatomyOf({ head: new Uint8Array(), body: garbage } as unknown as Message)[0]!,
    offset: 0,
  }
}

function sizeOf(message: Message | null, parts: readonly Part[]): string {
  const bytes = parts.reduce((sum, part) => sum + part.bytes.length, 0)
  return `${bytes} bytes${message && !message.complete ? ', not complete' : ''}`
}
