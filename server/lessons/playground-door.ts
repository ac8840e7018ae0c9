import { playgrounds, type PlaygroundName } from '../../course/lessons/playgrounds.ts'
import { html, type Html } from '../ui/html.ts'
import { layout, tokenField, type Site } from '../ui/layout.ts'

/** In the course: what a playground is, and a button that makes it listen and opens it. */
export function playgroundDoor({ name, site }: { name: PlaygroundName; site: Site }): Html {
  const { title } = playgrounds[name]
  const body = html`<div class="notice-page">
<h1>${title}</h1>
<p>${about[name]}</p>
<p>The playground is a server of its own, on another port of this machine. Nothing of the course is there. It starts when you open it, and ends a minute after you close its last page.</p>
<form method="post" action="/playground/${name}" target="_blank" rel="noopener">${tokenField(site)}<button class="primary">Open the playground</button></form>
</div>`
  return layout({ title, site, kind: 'message', body })
}

const about: Record<PlaygroundName, string> = {
  cookies:
    'Choose what a Set-Cookie line says, then watch fifteen seconds of real requests: which of them carry the cookie, and what a script of the page sees of it.',
  'break-the-request':
    'See the request that your browser sent, part by part. Then break one, byte by byte, and compare what Node and a strict reader make of it.',
  'break-the-response':
    'Change the bytes that a server sends, and compare what fetch() in your browser, Chromium and a strict reader make of them.',
  'who-speaks-first':
    'Your browser opens a small site, and every byte is recorded. Then the visit is replayed: stop time wherever you like, and say whose turn it is.',
  'get-beside-head':
    'Send GET and HEAD to servers written in five ways, and predict how the two answers differ. Then open a page whose links your browser loads before you click.',
  'the-tunnel':
    'Pay for a lamp while the line to the shop is cut, and compare what your browser shows with the shop’s order book: first without an idempotency key, then with one.',
  'two-editors':
    'Ada and Ben edit one document and both save. See whose text is left, without If-Match and with it, and what crossed the wire.',
  'preflight-or-not':
    'Build a request to another origin and predict whether your browser asks for permission first. Then it is really sent, and the recording tells.',
  'which-method-arrives':
    'Predict what your browser makes of five redirects: with which method a request arrives, and whether it asks the old address again. Then it sends them all.',
  'jump-in-a-song':
    'Jump within a song, and watch which bytes your browser asks for and the server sends. Then let the server ignore Range, and jump again.',
  'which-status':
    'Choose the status for twelve situations. A client then acts on your answer, and you see what it could do with it.',
  'the-herd':
    'Fifty clients lose one server together. Choose how long they wait before the next try, with or without jitter, and see how many come back at once.',
}
