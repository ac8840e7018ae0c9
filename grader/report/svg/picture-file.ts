import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { html, raw } from 'hono/html'
import { printable } from '../text/printable.ts'
import type { Picture } from './picture.ts'

const WIDTH = 960
const MARGIN = 24
const HEADING = 64

/**
 * A picture as an SVG file of its own: its colours and letters in it, light or dark by the system
 * that shows it.
 */
export function pictureFile({ title, summary, height, drawing, minWidth = 0 }: Picture): string {
  const whole = height + HEADING + MARGIN
  const width = Math.max(WIDTH, minWidth + 2 * MARGIN)
  return String(html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" class="picture" role="img" aria-labelledby="title summary">
<title id="title">${printable(title)}</title>
<desc id="summary">${printable(summary)}</desc>
<style>${raw(`${colours}${pictureStyle()}`)}</style>
<rect class="p-paper" width="100%" height="100%"/>
<text class="p-heading" x="${MARGIN}" y="30">${printable(title)}</text>
<text class="p-muted" x="${MARGIN}" y="50">${printable(summary)}</text>
<svg x="${MARGIN}" y="${HEADING}" width="${width - 2 * MARGIN}" height="${height}">
${drawing}
</svg>
</svg>
`).replace(notInXml, '\ufffd')
}

const notInXml = /[\ufffe\uffff]/g

/** Their colours are custom properties: the page's own, or those of a file. */
function pictureStyle(): string {
  style ??= readFileSync(pictureStyleFile, 'utf8')
  return style
}

/** Where the rules stand by which pictures are drawn. */
export const pictureStyleFile = join(import.meta.dirname, 'pictures.css')

let style: string | undefined

const light =
  '--paper:#fdfcf9;--surface:#f5f3ed;--ink:#1b1f23;--muted:#595f66;--line:#dfdbd1;--strong-line:#8d897f;--pass:#1c6b41;--fail:#a4301c;--warn:#7d5200;--request:#2b5b94;--response:#7c4a10;'
const dark =
  '--paper:#15181b;--surface:#1d2125;--ink:#e4e2dc;--muted:#a4a9ae;--line:#343a40;--strong-line:#757c84;--pass:#74cb97;--fail:#f5a08d;--warn:#e6bb68;--request:#95bcec;--response:#e3b072;'
const letters =
  "--sans:system-ui,'Segoe UI','Noto Sans','Liberation Sans',sans-serif;--mono:ui-monospace,Menlo,Consolas,'Liberation Mono','DejaVu Sans Mono',monospace;"
const colours = `.picture{${light}${letters}}@media (prefers-color-scheme:dark){.picture{${dark}}}`
