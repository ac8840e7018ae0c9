import { partsAsTyped, type RequestPart } from './request-parts.ts'
import { asTyped } from '../typed-bytes.ts'
import { bytesEditor } from '../bytes-editor.ts'
import { html, type Html } from '../../ui/html.ts'
import { playgroundPage, type ShownPlayground } from '../playground-page.ts'
import { visible } from '../../ui/visible.ts'

interface RequestPage extends ShownPlayground {
  /** The request for this very page. */
  readonly parts: readonly (readonly RequestPart[])[]
}

/**
 * The playground of requests: the one that asked for this page, explained; then one to be broken.
 */
export function requestPage({ base, parts, ...shown }: RequestPage): Html {
  return playgroundPage({
    name: 'break-the-request',
    ...shown,
    scripts: ['messages.js', 'break-request.js'],
    styles: ['broken-bytes.css'],
    body: html`<section aria-labelledby="own-title"><h2 id="own-title">What your browser sent for this ${shown.framed ? 'panel' : 'page'}</h2>
<p>Point at a part, or go there with the keyboard, and it says what it is. The values of cookies are left out.</p>
<div class="wire-messages"><div class="wire-message request"><pre tabindex="0" aria-labelledby="own-title"><code>${annotated(parts)}</code></pre></div></div>
${inWords(parts)}</section>
<section aria-labelledby="break-title"><h2 id="break-title">Now break one</h2>
<p>It goes over a connection of its own to a plain <code>node:http</code> server, and to a reader that takes RFC 9112 at its word.</p>
${bytesEditor({ label: 'The request', presets: [...presets, { name: 'Your browser’s own', text: partsAsTyped(parts) }], rows: 5, button: 'Send it', action: `${base}send` })}
<div id="outcome"></div></section>`,
  })
}

const GOOD = 'GET /cart?item=7 HTTP/1.1\r\nHost: shop.test\r\nAccept: text/html\r\n\r\n'

const presets = Object.entries({
  'As it should be': GOOD,
  'Without Host': GOOD.replace('Host: shop.test\r\n', ''),
  'get in small letters': GOOD.replace('GET', 'get'),
  'A space before the colon': GOOD.replace('Host:', 'Host :'),
  'Two spaces': GOOD.replace('GET ', 'GET  '),
  'A line feed alone': GOOD.replace('HTTP/1.1\r\n', 'HTTP/1.1\n'),
  'No empty line': GOOD.replace(/\r\n$/, ''),
  'Host twice': GOOD.replace('Accept: text/html', 'Host: evil.test'),
}).map(([name, bytes]) => ({ name, text: asTyped(bytes) }))

/**
 * Every explained part leads to its explanation below, which messages.js shows beside it. The
 * keyboard stops at each explanation once.
 */
function annotated(lines: readonly (readonly RequestPart[])[]): Html {
  const met = new Set<string>()
  const one = ({ text, id }: RequestPart) => {
    if (id === undefined) return html`${visible(text)}`
    const again = met.has(id)
    met.add(id)
    return html`<a class="w-name part ${kindOf(id)}" href="#part-${id}" aria-describedby="part-${id}"${again && html` tabindex="-1"`}${text === ' ' && html` aria-label="space"`}>${visible(text)}</a>`
  }
  return html`${lines.map((parts) => html`${parts.map(one)}\n`)}`
}

function kindOf(id: string): string {
  if (id === 'method' || id === 'target') return 'w-target'
  return id === 'line-end' || id === 'empty-line' ? 'w-end' : ''
}

function inWords(lines: readonly (readonly RequestPart[])[]): Html {
  const explained = new Map(
    lines
      .flat()
      .flatMap(({ id, text, about }) => (id === undefined ? [] : [[id, { text, about }] as const])),
  )
  return html`<details class="fields"><summary>Every part in words</summary><dl>${[...explained].map(([id, { text, about }]) => html`<dt>${text === ' ' ? 'a space' : visible(text)}</dt><dd id="part-${id}">${about}</dd>`)}</dl></details>`
}
