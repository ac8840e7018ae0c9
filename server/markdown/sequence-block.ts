import {
  parseSequence,
  type WrittenMessage,
  type WrittenNote,
} from '../../course/read/wire-blocks.ts'
import { writtenSequence, type WrittenStep } from '../../grader/report/svg/index.ts'
import { alternativeTable, drawn } from '../runs/picture.ts'
import { html } from '../ui/html.ts'

/**
 * A fenced `sequence` block: its messages as arrows between two sides, and the same as a table.
 * `client="curl"` and `server="the shop"` after the word name the sides.
 */
export function renderSequence(info: string, text: string): string {
  const named = (side: string) => new RegExp(`\\s${side}="([^"]+)"`).exec(info)?.[1] ?? side
  const client = named('client') === 'client' ? 'browser' : named('client')
  const picture = writtenSequence(parseSequence(text.split('\n')).map(stepOf), {
    id: '',
    title: 'Sequence',
    parties: { client, server: named('server') },
  })
  return `${html`<figure class="sequence">${drawn(picture)}
${alternativeTable(picture.alternative, 'Sequence', { links: false })}
</figure>`}\n`
}

function stepOf(written: WrittenMessage | WrittenNote): WrittenStep {
  if ('note' in written) return { kind: 'note', text: written.note }
  const [start = '', ...rest] = written.lines.map((line) => line.replaceAll('␍␊', '').trimEnd())
  const response = /^HTTP\/\S+ (.*)$/.exec(start)?.[1]
  const title = response ?? start.replace(/ HTTP\/\S+$/, '')
  return {
    kind: response === undefined ? 'request' : 'response',
    title: written.remark === '' ? title : `${title} · ${written.remark}`,
    headers: headersOf(rest),
  }
}

/** The fields that were written, up to the empty line before the content. */
function headersOf(lines: readonly string[]): [string, string][] {
  const end = lines.indexOf('')
  return lines.slice(0, end === -1 ? undefined : end).flatMap((line): [string, string][] => {
    const [, name, value] = /^([^\s:]+):\s*(.*)$/.exec(line) ?? []
    return name === undefined ? [] : [[name, value!]]
  })
}
