import { asset } from '../../http/assets.ts'
import { asTyped } from '../typed-bytes.ts'
import { bytesEditor } from '../bytes-editor.ts'
import { html, type Html } from '../../ui/html.ts'
import { playgroundPage, type ShownPlayground } from '../playground-page.ts'

interface ResponsePage extends ShownPlayground {
  /** The origin that gives the answers. */
  readonly stranger: string
}

/** The playground of responses: an answer to be broken, and what is made of it. */
export function responsePage({ base, stranger, ...shown }: ResponsePage): Html {
  return playgroundPage({
    name: 'break-the-response',
    ...shown,
    scripts: ['break-response.js'],
    styles: ['broken-bytes.css'],
    body: html`<section aria-labelledby="break-title" data-answers="${stranger}"><h2 id="break-title" class="sr-only">Break it</h2>
<p>A server on this machine sends exactly these bytes and, a moment later, closes the connection. Your browser asks for them twice: a script by <code>fetch()</code>, and a frame that opens them as a page.</p>
${bytesEditor({ label: 'The response', presets, rows: 7, button: 'Serve it', action: `${base}serve` })}
<div id="outcome"></div></section>`,
  })
}

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n'
const BODY = 'Hello, reader\n'
const GOOD = `${HEAD}Content-Length: 14\r\n\r\n${BODY}`

const presets = Object.entries({
  'As it should be': GOOD,
  'One byte too few': GOOD.slice(0, -1),
  'One byte too many': `${GOOD}!`,
  'A decimal chunk size': `${HEAD}Transfer-Encoding: chunked\r\n\r\n14\r\n${BODY}\r\n0\r\n\r\n`,
  'No last chunk': `${HEAD}Transfer-Encoding: chunked\r\n\r\ne\r\n${BODY}\r\n`,
  'Two Content-Lengths': GOOD.replace('\r\n\r\n', '\r\nContent-Length: 5\r\n\r\n'),
  'Not really gzip': GOOD.replace('\r\n\r\n', '\r\nContent-Encoding: gzip\r\n\r\n'),
  'No status line': GOOD.replace('HTTP/1.1 200 OK\r\n', ''),
  'Line feeds alone': GOOD.replaceAll('\r\n', '\n'),
  'Status 777': GOOD.replace('200 OK', '777 Lucky'),
  'Nothing at all': '',
}).map(([name, bytes]) => ({ name, text: asTyped(bytes) }))

/** On the answers' own origin: asks for one by fetch() and tells the page around it. */
export function probePage({ address, owner }: { address: string; owner: string }): Html {
  return html`<!doctype html>
<html lang="en" data-address="${address}" data-owner="${owner}">
<head>
<meta charset="utf-8">
<title>fetch()</title>
<link rel="icon" href="${asset('icon.svg')}">
<script type="module" src="${asset('probe.js')}"></script>
</head>
<body></body>
</html>
`
}
