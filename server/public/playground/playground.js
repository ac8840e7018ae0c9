// The cookie playground: has the cookie set, then asks for two addresses once a second and writes
// down what came of it.

import { engine } from './engine.js'
import { enable, part, say, sayError } from './playground-say.js'

const SECONDS = 15

const form = /** @type {HTMLFormElement} */ (document.getElementById('choice'))
const base = form.dataset.base ?? '/'
/** Ends the watch that is under way, when another one begins. */
let watch = new AbortController()

layStrip()
part('line').textContent = 'Set-Cookie: …'
part('watch').hidden = false

form.addEventListener('submit', (event) => {
  event.preventDefault()
  watch.abort()
  watch = new AbortController()
  begin(watch.signal).catch(sayError)
})
enable(form)

/** @param {AbortSignal} signal */
async function begin(signal) {
  const chosen = choice()
  part('rows').replaceChildren()
  layStrip()
  part('line').textContent = 'Set-Cookie: …'
  say('Asking for the cookie.')
  await fetch(`${base}end`, { method: 'POST', signal })
  const answer = await fetch(`${base}set`, {
    method: 'POST',
    signal,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(chosen),
  })
  const start = performance.now()
  const { line, error } = await answer.json()
  if (!answer.ok) throw new Error(error)
  part('line').textContent = `Set-Cookie: ${line}`
  say(`Watching for ${SECONDS} seconds.`)
  /** @type {{ at: number, sent: boolean }[]} */
  const seen = []
  for (let second = 0; second <= SECONDS; second++) {
    await until(start + second * 1000, signal)
    const at = (performance.now() - start) / 1000
    const [account, shop] = await Promise.all(
      ['account', 'shop'].map(
        async (name) =>
          (await (await fetch(base + name, { signal, cache: 'no-store' })).json()).cookie,
      ),
    )
    seen.push({ at, sent: account !== null })
    const seenByScript = ownCookie()
    addRow([
      `${at.toFixed(1)} s`,
      account ?? 'no Cookie field',
      shop ?? 'no Cookie field',
      seenByScript ?? 'empty',
    ])
    markStrip(second, [account, shop, seenByScript])
  }
  say([summary(seen), remark(seen, chosen)].filter(Boolean).join(' '))
}

function choice() {
  const data = new FormData(form)
  return {
    maxAge: data.get('maxAge'),
    path: data.get('path'),
    sameSite: data.get('sameSite'),
    httpOnly: data.has('httpOnly'),
    secure: data.has('secure'),
  }
}

/** What this script sees of the playground's cookie. Those of the course are on the same host. */
function ownCookie() {
  return document.cookie.split('; ').find((pair) => pair.startsWith('play=')) ?? null
}

/** Rows of empty squares, one for each second. */
function layStrip() {
  const row = (/** @type {string} */ name) => [
    Object.assign(document.createElement('span'), { textContent: name }),
    ...Array.from({ length: SECONDS + 1 }, () => document.createElement('i')),
  ]
  part('strip').replaceChildren(...['account', 'shop', 'script'].flatMap(row))
}

/** @param {number} second @param {(string | null)[]} found */
function markStrip(second, found) {
  const squares = part('strip').querySelectorAll('i')
  found.forEach((cookie, row) => {
    const square = squares[row * (SECONDS + 1) + second]
    if (square) square.className = cookie === null ? 'missing' : 'there'
  })
}

/** @param {{ at: number, sent: boolean }[]} seen */
function summary(seen) {
  const last = seen.findLast(({ sent }) => sent)
  if (!last) return 'It was never sent to account.'
  const gone = seen.find(({ at, sent }) => !sent && at > last.at)
  return gone
    ? `It was sent to account until ${last.at.toFixed(1)} s, and no more from ${gone.at.toFixed(1)} s on.`
    : `It was sent to account to the end, ${last.at.toFixed(1)} s.`
}

/**
 * Where engines differ, or a choice has no cookie at all: why nothing was sent, or why something
 * was.
 * @param {{ sent: boolean }[]} seen @param {ReturnType<typeof choice>} chosen
 */
function remark(seen, { maxAge, sameSite, secure }) {
  const isSent = seen.some(({ sent }) => sent)
  if (maxAge === '0') return isSent ? '' : 'Max-Age=0 ends a cookie in the moment it is set.'
  if (sameSite === 'None' && !secure)
    return isSent
      ? `Your browser takes SameSite=None without Secure. Chromium refuses such a cookie; engines differ here.`
      : 'SameSite=None needs Secure; without it your browser refused the cookie.'
  if (secure && !isSent)
    return 'Your browser keeps no Secure cookie that comes over plain http. Chromium and Firefox make an exception for localhost; engines differ here.'
  return !isSent && engine !== 'Chromium' ? `Chromium would have sent it; engines differ here.` : ''
}

/** @param {string[]} cells */
function addRow(cells) {
  const row = document.createElement('tr')
  for (const text of cells) {
    const cell = document.createElement('td')
    cell.textContent = text
    if (text === 'no Cookie field' || text === 'empty') cell.className = 'nothing'
    row.append(cell)
  }
  part('rows').append(row)
}

/**
 * @param {number} time
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function until(time, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, Math.max(0, time - performance.now()))
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
