import { diff } from 'node:util'
import { html, raw, type Html } from './html.ts'
import type { Side } from './side.ts'

/**
 * Two versions of a file side by side, equal stretches shortened. On a narrow page one below the
 * other.
 */
export function diffView(left: Side, right: Side): Html {
  const rows = shorten(align(left.lines, right.lines))
  return html`<table class="diff">
<colgroup><col class="numbers"><col><col class="numbers"><col></colgroup>
<thead><tr><th scope="col" colspan="2">${left.title}</th><th scope="col" colspan="2">${right.title}</th></tr></thead>
<tbody>${rows.map((row) => rowView(row, left, right))}</tbody>
</table>`
}

/**
 * Line numbers from 0 on both sides; undefined where a side has nothing to set against the other.
 */
type Row =
  | { readonly left?: number; readonly right?: number; readonly same: boolean }
  | { readonly omitted: number }

function align(left: readonly string[], right: readonly string[]): Row[] {
  const rows: Row[] = []
  let [leftLine, rightLine] = [0, 0]
  let changed: { left: number[]; right: number[] } = { left: [], right: [] }
  const settle = () => {
    for (let index = 0; index < Math.max(changed.left.length, changed.right.length); index++) {
      const [a, b] = [changed.left[index], changed.right[index]]
      rows.push({
        same: false,
        ...(a !== undefined && { left: a }),
        ...(b !== undefined && { right: b }),
      })
    }
    changed = { left: [], right: [] }
  }
  for (const [operation] of diff(left, right)) {
    if (operation === 1) changed.left.push(leftLine++)
    else if (operation === -1) changed.right.push(rightLine++)
    else {
      settle()
      rows.push({ left: leftLine++, right: rightLine++, same: true })
    }
  }
  settle()
  return rows
}

const around = 3

/** Leaves three equal lines around each change and counts the others. */
function shorten(rows: readonly Row[]): Row[] {
  const isChange = rows.map((row) => 'same' in row && !row.same)
  const isNear = (index: number) =>
    isChange.slice(Math.max(0, index - around), index + around + 1).some(Boolean)
  const short: Row[] = []
  for (const [index, row] of rows.entries()) {
    const last = short.at(-1)
    if (isNear(index)) short.push(row)
    else if (last && 'omitted' in last) short[short.length - 1] = { omitted: last.omitted + 1 }
    else short.push({ omitted: 1 })
  }
  return short
}

function rowView(row: Row, left: Side, right: Side): Html {
  if ('omitted' in row)
    return html`<tr class="omitted"><td colspan="4">${row.omitted === 1 ? '1 equal line' : `${row.omitted} equal lines`}</td></tr>`
  return html`<tr${!row.same && html` class="changed"`}>${cells(row.left, left, row.same, 'left')}${cells(row.right, right, row.same, 'right')}</tr>`
}

function cells(
  line: number | undefined,
  { highlighted, title }: Side,
  same: boolean,
  side: 'left' | 'right',
): Html {
  if (line === undefined)
    return html`<td class="number ${side} none"></td><td class="${side} none"></td>`
  const sign = same ? undefined : side === 'left' ? '−' : '+'
  return html`<td class="number ${side}">${sign && html`<span class="sign" aria-hidden="true">${sign}</span><span class="sr-only">only in ${title}, line </span>`}${line + 1}</td><td class="${side}"><code>${raw(highlighted[line] ?? '')}</code></td>`
}
