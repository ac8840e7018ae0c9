import { escape } from './escape.ts'

/**
 * A fenced `http` block, drawn as messages: start line, fields, body. A line that begins with `→`
 * or `←` begins a request or a response; without such lines the first line tells which it is. `…`
 * stands for what was left out, `␍␊` for a line ending.
 */
export function renderHttpBlock(source: string, nameOf: NameOf = plainName): string {
  const messages = splitMessages(source.replace(/\n+$/, ''))
  return `<div class="wire-messages">${messages.map((message) => renderMessage(message, nameOf)).join('')}</div>\n`
}

/** The HTML of a field's name, escaped. */
type NameOf = (name: string) => string

const plainName: NameOf = (name) => `<span class="w-name">${escape(name)}</span>`

interface WireMessage {
  readonly side: 'request' | 'response'
  /** Text beside the arrow that isn't a start line: a remark on when or by whom. */
  readonly remark: string
  readonly lines: readonly string[]
}

function splitMessages(source: string): WireMessage[] {
  const groups: { arrow: string | undefined; remark: string; lines: string[] }[] = []
  for (const line of source.split('\n')) {
    const arrow = /^([→←])\s*(.*)$/.exec(line)
    if (arrow) {
      const isStartLine = requestLine.test(arrow[2]!) || statusLine.test(arrow[2]!)
      groups.push({
        arrow: arrow[1],
        remark: isStartLine ? '' : arrow[2]!,
        lines: isStartLine ? [arrow[2]!] : [],
      })
    } else if (groups.length > 0) groups.at(-1)!.lines.push(line)
    else groups.push({ arrow: undefined, remark: '', lines: [line] })
  }
  return groups
    .map(({ arrow, remark, lines }) => {
      const trimmed = trimBlankLines(lines)
      const isResponse = arrow ? arrow === '←' : statusLine.test(trimmed[0] ?? '')
      return {
        side: isResponse ? ('response' as const) : ('request' as const),
        remark,
        lines: trimmed,
      }
    })
    .filter(({ lines, remark }) => lines.length > 0 || remark)
}

const requestLine = /^([A-Z][A-Z-]*) (\S+)(?: (HTTP\/[\d.]+))?(\s*␍␊)?$/
const statusLine = /^(HTTP\/[\d.]+) (\d{3})(?: (.*?))?(\s*␍␊)?$/

function trimBlankLines(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== '')
  const last = lines.findLastIndex((line) => line.trim() !== '')
  return first === -1 ? [] : lines.slice(first, last + 1)
}

function renderMessage({ side, remark, lines }: WireMessage, nameOf: NameOf): string {
  const label = side === 'request' ? 'Request' : 'Response'
  const caption = `<div class="wire-side">${label}${remark ? ` <span class="wire-remark">${escape(remark)}</span>` : ''}</div>`
  let inBody = false
  const html = lines.map((line, index) => {
    if (inBody) return endings(escape(line))
    if (index === 0 && startLine(line)) return startLine(line)
    if (line.replace('␍␊', '').trim() === '') {
      inBody = true
      return endings(escape(line))
    }
    return fieldLine(line, nameOf)
  })
  return `<div class="wire-message ${side}">${caption}<pre tabindex="0"><code>${html.join('\n')}\n</code></pre></div>`
}

function startLine(line: string): string | undefined {
  const status = statusLine.exec(line)
  if (status) {
    const [, version, code, reason = '', ending = ''] = status
    return `${version} <b class="w-start">${code}${reason && ` ${escape(reason)}`}</b>${endings(ending)}`
  }
  const request = requestLine.exec(line)
  if (!request) return undefined
  const [, method, target, version = '', ending = ''] = request
  return `<b class="w-start">${method}</b> <span class="w-target">${escape(target!)}</span>${version && ` ${version}`}${endings(ending)}`
}

function fieldLine(line: string, nameOf: NameOf): string {
  const field = /^([!#$%&'*+.^_`|~\w-]+):(.*)$/.exec(line)
  if (!field) return endings(escape(line))
  return `${nameOf(field[1]!)}:${endings(escape(field[2]!))}`
}

function endings(html: string): string {
  // In letters, because the two symbols are missing from many fonts.
  return html
    .replaceAll('␍␊', '<span class="w-ending">CRLF</span>')
    .replace(/^\s*…\s*$/, '<span class="w-elided">…</span>')
}
