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

/** The drawing alone, scrolled by itself where it has less room than it needs. */
export function drawn({ title, summary, height, drawing, minWidth }: Picture): Html {
  const svg = html`<svg class="picture" role="img" aria-label="${visible(`${title}: ${summary}`)}" width="100%" height="${height}">${drawing}</svg>`
  if (minWidth === undefined) return svg
  // The page's policy allows no inline style: an empty drawing keeps the room.
  return html`<div class="picture-scroll" role="group" aria-label="${visible(title)}, drawn" tabindex="0"><div class="picture-room"><svg width="${minWidth}" height="0" aria-hidden="true"></svg>${svg}</div></div>`
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
