// "Jump in a song": plays the song, draws which bytes of it were asked for and sent, and asks after
// each jump what came of it.

import { enable, part, say, sayError } from '../playground-say.js'

/**
 * @typedef {{ range: string | null, status: number, contentRange: string | null, first: number,
 *   promised: number, sent: number, state: string }} Delivery
 */

const form = /** @type {HTMLFormElement} */ (part('choice'))
const { base = '/' } = form.dataset
const audio = /** @type {HTMLAudioElement} */ (part('song'))
const slider = /** @type {HTMLInputElement} */ (part('jump'))
const playButton = part('play')
const sound = /** @type {HTMLInputElement} */ (part('sound'))
const { seconds, bytes, begin } = numbersOf(part('player').dataset)
/** So many rows are drawn; the table has all. */
const MOST_LANES = 6
const LANE_HEIGHT = 18
const REFRESH_MS = 300
/** A player that has not jumped after this is said to be waiting. */
const PATIENCE_MS = 12_000
const STEP_SECONDS = 5

/** Ends what is done for a song, when another one is loaded, and for a jump, when another follows. */
let loading = new AbortController()
let jumping = new AbortController()
/** What is known of the song's requests. @type {Delivery[]} */
let deliveries = []
let name = ''
let isDragged = false

form.addEventListener('submit', (event) => {
  event.preventDefault()
  loading.abort()
  jumping.abort()
  loading = new AbortController()
  load(loading.signal).catch(sayError)
})
enable(form)
playButton.addEventListener('click', () => {
  if (audio.paused) audio.play().catch(() => {})
  else audio.pause()
})
sound.addEventListener('change', () => (audio.muted = !sound.checked))
// A new song ends the old one without a `pause`.
for (const event of ['play', 'pause', 'ended', 'loadstart'])
  audio.addEventListener(event, () => (playButton.textContent = audio.paused ? 'Play' : 'Pause'))
for (const event of ['timeupdate', 'seeking', 'seeked']) audio.addEventListener(event, showTime)
slider.addEventListener('input', () => {
  isDragged = true
  showClock(Number(slider.value))
})
slider.addEventListener('change', () => {
  isDragged = false
  jumpTo(Number(slider.value))
})
slider.addEventListener('keydown', (event) => {
  const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key]
  if (step === undefined) return
  event.preventDefault()
  jumpTo(
    Math.max(0, Math.min(Number(slider.max), Math.round(audio.currentTime) + step * STEP_SECONDS)),
  )
})

/** @param {AbortSignal} signal */
async function load(signal) {
  say('Loading.')
  const answer = await fetch(`${base}songs`, {
    method: 'POST',
    signal,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ranges: new FormData(form).get('ranges') === 'yes' }),
  })
  const song = await answer.json()
  if (!answer.ok) throw new Error(song.error)
  name = song.name
  show([])
  slider.disabled = true
  part('player').hidden = part('requests').hidden = false
  audio.pause()
  audio.src = song.address
  showTime()
  watch(signal).catch(sayError)
  const ready = await once(['loadedmetadata', 'error'], signal, PATIENCE_MS)
  await refresh(signal)
  if (audio.error || !ready) throw new Error(refusal())
  slider.disabled = false
  const [first] = deliveries
  say(
    `Your browser began with ${first?.range ? `Range: ${first.range}` : 'a request without Range'}, and the server answered ${first?.status}. Now jump: click into the map, or press the arrow keys there.`,
  )
}

function refusal() {
  const reason = audio.error?.message
  return `Your browser’s player doesn’t play this song${reason ? `: “${reason}”.` : '.'}`
}

/** Keeps the map up to date for as long as the song is there. @param {AbortSignal} signal */
async function watch(signal) {
  while (!signal.aborted) {
    if (!document.hidden) await refresh(signal)
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS))
  }
}

/** @param {AbortSignal} signal */
async function refresh(signal) {
  const answer = await fetch(`${base}songs/${name}`, { signal })
  const news = await answer.json()
  if (!answer.ok) throw new Error(news.error)
  show(news)
}

/** @param {number} wanted In seconds. */
function jumpTo(wanted) {
  jumping.abort()
  jumping = new AbortController()
  const signal = AbortSignal.any([loading.signal, jumping.signal])
  explainJump(wanted, signal).catch(sayError)
}

/** @param {number} wanted @param {AbortSignal} signal */
async function explainJump(wanted, signal) {
  const known = deliveries.length
  const byte = begin + ((bytes - begin) * wanted) / seconds
  const had = deliveries.some(({ first, sent }) => first <= byte && byte < first + sent)
  say(`You jump to ${clock(wanted)}.`)
  const over = once(['seeked', 'error'], signal, PATIENCE_MS)
  audio.currentTime = wanted
  const landed = (await over) ? audio.currentTime : null
  await refresh(signal)
  if (audio.error) throw new Error(refusal())
  const answer = await fetch(`${base}songs/${name}/jumps`, {
    method: 'POST',
    signal,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ wanted, landed, known, had }),
  })
  const { words, error } = await answer.json()
  if (!answer.ok) throw new Error(error)
  say(words)
}

/** @param {Delivery[]} news */
function show(news) {
  deliveries = news
  part('lanes').replaceChildren(...news.slice(-MOST_LANES).flatMap(drawLane))
  news.forEach((each, index) => showRow(index, each))
  const rows = part('rows')
  while (rows.children.length > news.length) rows.lastElementChild?.remove()
}

/** @param {Delivery} delivery @param {number} lane */
function drawLane({ first, promised, sent }, lane) {
  return [
    bar('asked', lane, first, promised),
    // So few bytes would not be seen.
    ...(sent > 0 ? [bar('sent', lane, first, Math.max(sent, bytes / 400))] : []),
  ]
}

/** @param {string} kind @param {number} lane @param {number} first @param {number} length */
function bar(kind, lane, first, length) {
  const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  rect.setAttribute('class', kind)
  rect.setAttribute('x', `${(100 * first) / bytes}%`)
  rect.setAttribute('width', `${(100 * length) / bytes}%`)
  rect.setAttribute('y', String(lane * LANE_HEIGHT + 3))
  rect.setAttribute('height', String(LANE_HEIGHT - 6))
  return rect
}

/** @param {number} index @param {Delivery} delivery */
function showRow(index, { range, status, contentRange, sent, state }) {
  const rows = part('rows')
  const isNew = index === rows.children.length
  const row = rows.children[index] ?? rows.appendChild(document.createElement('tr'))
  const texts = [
    range ?? 'everything',
    contentRange === null ? String(status) : `${status}, ${contentRange}`,
    `${Math.round(sent / 1000)} kB`,
    state,
  ]
  while (row.children.length < texts.length) row.append(document.createElement('td'))
  texts.forEach((text, column) => {
    const cell = row.children[column]
    if (cell && cell.textContent !== text) cell.textContent = text
  })
  const scrolled = rows.closest('.scroll')
  if (isNew && scrolled) scrolled.scrollTop = scrolled.scrollHeight
}

function showTime() {
  if (isDragged) return
  slider.value = String(audio.currentTime)
  showClock(audio.currentTime)
}

/** @param {number} second */
function showClock(second) {
  part('clock').textContent = `${clock(second)} of ${clock(seconds)}`
  slider.setAttribute('aria-valuetext', clock(second))
}

/** @param {number} second */
function clock(second) {
  return `${Math.floor(second / 60)}:${String(Math.floor(second) % 60).padStart(2, '0')}`
}

/**
 * Whether one of these events of the player came in time. Rejects when the signal ends it.
 * @param {string[]} events @param {AbortSignal} signal @param {number} ms @returns {Promise<boolean>}
 */
function once(events, signal, ms) {
  return new Promise((resolve, reject) => {
    const over = new AbortController()
    const timer = setTimeout(() => end(() => resolve(false)), ms)
    /** @param {() => void} settle */
    const end = (settle) => {
      clearTimeout(timer)
      over.abort()
      settle()
    }
    for (const event of events)
      audio.addEventListener(event, () => end(() => resolve(true)), { signal: over.signal })
    signal.addEventListener('abort', () => end(() => reject(signal.reason)), {
      signal: over.signal,
    })
  })
}

/** @param {DOMStringMap} data */
function numbersOf({ seconds, bytes, begin }) {
  return { seconds: Number(seconds), bytes: Number(bytes), begin: Number(begin) }
}
