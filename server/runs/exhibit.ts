import type {
  Exhibit,
  MessageExhibit,
  TableExhibit,
  TextExhibit,
} from '../../grader/types/index.ts'
import { html, type Html } from '../ui/html.ts'
import { markedLines } from './marked-lines.ts'
import { chart } from './cookie-chart.ts'
import { visible } from '../ui/visible.ts'

/**
 * A thing to look at, from recorded data alone. `run` is the run it was recorded in, whose page has
 * the whole exchange; `id` the anchor it has there.
 */
export function exhibitView(exhibit: Exhibit, run: string, id?: string): Html {
  switch (exhibit.kind) {
    case 'message':
      return message(exhibit, run)
    case 'cookie-chart':
      return chart(exhibit, id === undefined ? {} : { id })
    case 'table':
      return table(exhibit, id)
    case 'text':
      return text(exhibit)
  }
}

function message({ summary, side, lines, exchange }: MessageExhibit, run: string): Html {
  const whose = side === 'request' ? 'Request' : 'Response'
  return html`<figure class="exhibit message ${side}">
<figcaption><span class="side">${whose}</span> <a href="/runs/${run}#exchange-${exchange}"><code>${visible(summary)}</code></a></figcaption>
${markedLines(lines)}
</figure>`
}

function table({ title, columns, rows }: TableExhibit, id: string | undefined): Html {
  return html`<figure class="exhibit table"${id !== undefined && html` id="${id}"`}>
<figcaption>${title}</figcaption>
<div class="scroll" role="group" aria-label="${title}" tabindex="0"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${visible(column)}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${visible(cell)}</td>`)}</tr>`)}</tbody>
</table></div>
</figure>`
}

function text({ title, lines }: TextExhibit): Html {
  return html`<figure class="exhibit text"><figcaption>${title}</figcaption>
${markedLines(lines)}
</figure>`
}
