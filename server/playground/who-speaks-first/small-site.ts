import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

export interface SmallSite {
  readonly answer: RequestListener
  /** Whether it has told all the news it will ever have. */
  toldAll(): boolean
  /** Ends what it waits for. */
  stop(): void
}

/**
 * How long after the page's last file the site has its first news, and how long it keeps a script
 * waiting for its second.
 */
const NEWS_MS = 800
/**
 * The script of the page lets this pass before it asks for the first time: longer, so that there is
 * news nobody has asked for.
 */
const ASK_MS = 1600

/**
 * A site for one visitor: a page, the style sheet, the script and the picture it names, no icon,
 * and news. Its script asks for news twice: the first has been waiting to be asked for, the second
 * makes the question wait. `note` is told each time there is news.
 */
export function smallSite(note: (text: string) => void): SmallSite {
  const timers = new Set<NodeJS.Timeout>()
  const news = [...NEWS]
  const known: string[] = []
  let waiting: ServerResponse | undefined
  let awaited = false

  const later = (ms: number, act: () => void) => void timers.add(setTimeout(act, ms))
  const tell = () => {
    if (!waiting || known.length === 0) return
    send(waiting, 'text/plain', `${known.shift()}\n`)
    waiting = undefined
  }
  const learn = () => {
    const text = news.shift()
    if (text === undefined) return
    note(`news: ${text}`)
    known.push(text)
    tell()
  }
  const answerNews = (response: ServerResponse) => {
    waiting = response
    if (known.length === 0) later(NEWS_MS * 1.5, learn)
    tell()
  }

  return {
    answer(request, response) {
      const path = pathOf(request)
      if (request.method !== 'GET')
        return void response.writeHead(405, { Allow: 'GET', 'Content-Length': 0 }).end()
      if (path === '/news') return answerNews(response)
      const [type, content] = FILES[path] ?? []
      if (type === undefined)
        return void response
          .writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' })
          .end('There is nothing at this address.\n')
      send(response, type, content!)
      // The script is what will ask: only now is there something worth waiting for.
      if (path !== '/script.js' || awaited) return
      awaited = true
      later(NEWS_MS, learn)
    },
    toldAll: () => news.length === 0 && known.length === 0,
    stop: () => timers.forEach(clearTimeout),
  }
}

/** Who wanted what is at an address of the site: a clause. */
export function reasonFor(path: string): string {
  if (path === '/') return 'you: it is the address that was opened'
  if (path === '/favicon.ico') return 'your browser by itself, for the tab: nothing names it'
  if (path === '/news') return 'the page’s script'
  return path in FILES ? 'the page: its markup names it' : 'your browser by itself'
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0]!
}

function send(response: ServerResponse, type: string, content: string): void {
  response.writeHead(200, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(content),
    'X-Content-Type-Options': 'nosniff',
    ...(type === 'text/html' && {
      'Content-Security-Policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    }),
  })
  response.end(content)
}

const NEWS = ['the kettle is on', 'the tea is ready']

const FILES: Readonly<Record<string, readonly [type: string, content: string]>> = {
  '/': [
    'text/html',
    `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The small site</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/style.css">
<script src="/script.js" defer></script>
<h1>The small site</h1>
<img src="/picture.svg" alt="A cup" width="96" height="96">
<p>You opened one address. Every byte is being recorded.</p>
<ul id="news" aria-live="polite"></ul>
<p id="end" hidden>That was all. Close this tab and go back to the one you came from: the replay is there.</p>
</html>
`,
  ],
  '/style.css': [
    'text/css',
    `body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem; }
img { display: block; }
`,
  ],
  '/script.js': [
    'text/javascript',
    `const show = (text) => document.querySelector('#news').append(Object.assign(document.createElement('li'), { textContent: text }))
const ask = async () => show('News: ' + await (await fetch('/news')).text())
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
watch()
async function watch() {
  await wait(${ASK_MS})
  await ask()
  await ask()
  document.querySelector('#end').hidden = false
}
`,
  ],
  '/picture.svg': [
    'image/svg+xml',
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#2b7a94" stroke-width="1.5" stroke-linecap="round"><path d="M5 9h11v6a5 5 0 0 1-5 5h-1a5 5 0 0 1-5-5zM16 10h2a2.5 2.5 0 0 1 0 5h-2M8 6V4M11 6V3M14 6V4"/></svg>
`,
  ],
}
