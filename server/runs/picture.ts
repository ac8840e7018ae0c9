import type { Picture, TextAlternative } from '../../grader/report/svg/index.ts'
import { html, type Html } from '../ui/html.ts'
import { visible } from '../ui/visible.ts'

/**
 * A recorded thing as a picture with an address of its own (`#sequence-1`), its sentence above it
 * and its table below.
 */
export function pictureView(picture: Picture, name: string): Html {
  const { id, summary, alternative } = picture
  return html`<figure class="picture-frame" id="${id}">
<figcaption>${visible(capitalised(summary))}. ${pictureLink(id, name)}</figcaption>
${drawn(picture)}
${alternativeTable(alternative, name)}
</figure>`
}

/** The drawing alone. */
export function drawn({ title, summary, height, drawing }: Picture): Html {
  return html`<svg class="picture" role="img" aria-label="${visible(`${title}: ${summary}`)}" width="100%" height="${height}">${drawing}</svg>`
}

/**
 * The same in words, folded away. Rows about an exchange lead to its bytes, where those are on the
 * page.
 */
export function alternativeTable(
  { columns, rows }: TextAlternative,
  label: string,
  { links = true } = {},
): Html {
  return html`<details class="text-alternative"><summary>The same as a table</summary>
<div class="scroll" role="group" aria-label="${label} as a table" tabindex="0"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${visible(column)}</th>`)}${links && html`<th scope="col">Bytes</th>`}</tr></thead>
<tbody>${rows.map(({ cells, exchange }) => html`<tr>${cells.map((cell) => html`<td>${visible(cell)}</td>`)}${links && html`<td>${exchange !== undefined && html`<a href="#exchange-${exchange}">exchange ${exchange}</a>`}</td>`}</tr>`)}</tbody>
</table></div></details>`
}

/**
 * A link to the picture itself: to be copied and sent to somebody who has this course server, or
 * kept.
 */
function pictureLink(id: string, name: string): Html {
  return html`<a class="picture-link" href="#${id}">Link<span class="sr-only"> to: ${name}</span></a>`
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
