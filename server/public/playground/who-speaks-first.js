// "Who speaks first?": waits for the record of a visit, then shows as much of it as has happened at
// a chosen moment, and asks on the way.

import { part, say, sayError } from './playground-say.js'

const base = part('go').dataset.base ?? '/'
const link = /** @type {HTMLAnchorElement} */ (part('open'))
const ask = /** @type {HTMLInputElement} */ (part('ask'))
/** How long each step of the replay stands. Real ones take a thousandth of that. */
const STEP_MS = 1100
/** Ends what is done for a visit, when another one begins. */
let visit = new AbortController()
let name = newName()

part('go').hidden = false

link.addEventListener('click', () => {
  visit.abort()
  visit = new AbortController()
  const own = name
  // The link itself is still to be followed, by the name it has.
  setTimeout(() => (name = newName()))
  follow(own, visit.signal).catch(sayError)
})

/** Names the next visit, so that its record can be asked for. */
function newName() {
  const drawn = [...crypto.getRandomValues(new Uint8Array(4))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  link.href = `${base}visits/${drawn}`
  return drawn
}

/** @param {string} own @param {AbortSignal} signal */
async function follow(own, signal) {
  part('replay').hidden = true
  say('Your browser is visiting the small site. The replay will be here in about five seconds.')
  const text = await recordOf(own, signal)
  part('replay').innerHTML = text
  part('replay').hidden = false
  if (!document.getElementById('time')) return say('')
  say('The visit is recorded. Press Play, or move through it step by step.')
  replay(signal)
}

/** The tab may take a moment to open. @param {string} own @param {AbortSignal} signal */
async function recordOf(own, signal) {
  for (let tries = 0; tries < 40; tries++) {
    const answer = await fetch(`${base}visits/${own}/record`, { signal })
    if (answer.status === 200) return answer.text()
    if (answer.status !== 204) break
    await new Promise((resolve) => setTimeout(resolve, 250))
    signal.throwIfAborted()
  }
  throw new Error('No visit came. Press the button once more.')
}

/** @param {AbortSignal} signal */
function replay(signal) {
  const time = /** @type {HTMLInputElement} */ (part('time'))
  /** @type {{ x: number, words: string }[]} */
  const moments = JSON.parse(time.dataset.moments ?? '[]')
  const turns = /** @type {HTMLFormElement[]} */ ([...document.querySelectorAll('form.turn')])
  const drawn = [...document.querySelectorAll('#sequence svg.picture > g')]
  const rows = /** @type {HTMLElement[]} */ ([
    ...document.querySelectorAll('#replay .text-alternative tbody tr'),
  ])
  let position = 0
  let timer = 0

  /** @param {number} wanted */
  const moveTo = (wanted) => {
    const stop = ask.checked
      ? turns.find((turn) => !isAnswered(turn) && afterOf(turn) < wanted)
      : undefined
    position = stop ? afterOf(stop) : Math.max(0, Math.min(moments.length, wanted))
    time.value = String(position)
    const words = moments[position - 1]?.words ?? 'Before the first byte'
    time.setAttribute('aria-valuetext', words)
    part('now').textContent = words
    for (const turn of turns)
      turn.hidden = afterOf(turn) !== position || (!ask.checked && !isAnswered(turn))
    showSteps(drawn, position)
    rows.forEach((row, index) => (row.hidden = index >= position))
    const x = moments[position - 1]?.x ?? 0
    part('cover').setAttribute('x', position === moments.length ? '100%' : `${100 * x}%`)
    for (const end of ['x1', 'x2']) part('hand').setAttribute(end, `${100 * x}%`)
    part('sum').hidden = position < moments.length
    if (position === moments.length || isWaiting()) pause()
  }
  const isWaiting = () => turns.some((turn) => !turn.hidden && !isAnswered(turn))
  const pause = () => {
    clearInterval(timer)
    timer = 0
    part('play').textContent = 'Play'
  }
  const play = () => {
    if (position === moments.length) moveTo(0)
    if (isWaiting()) return remind()
    timer = setInterval(() => moveTo(position + 1), STEP_MS)
    part('play').textContent = 'Pause'
    moveTo(position + 1)
  }
  const remind = () => say('First say whose turn it is.')
  /** @param {number} wanted */
  const byHand = (wanted) => {
    pause()
    moveTo(wanted)
    if (position < wanted && isWaiting()) remind()
  }

  part('play').addEventListener('click', () => (timer ? pause() : play()))
  part('back').addEventListener('click', () => byHand(position - 1))
  part('on').addEventListener('click', () => byHand(position + 1))
  time.addEventListener('input', () => byHand(Number(time.value)))
  ask.addEventListener('change', () => moveTo(position), { signal })
  signal.addEventListener('abort', pause)
  for (const turn of turns) {
    turn.addEventListener('submit', (event) => {
      event.preventDefault()
      answer(turn, /** @type {HTMLButtonElement} */ (event.submitter).value)
      say('')
    })
  }
  moveTo(0)
}

/**
 * Hides what has not happened yet. A pause in the drawing belongs to the step after it. @param
 * {Element[]} drawn @param {number} position
 */
function showSteps(drawn, position) {
  let step = 0
  /** @type {Element | undefined} */
  let newest
  for (const group of drawn) {
    const later = step >= position
    group.classList.toggle('later', later)
    if (group.classList.contains('p-pause')) continue
    if (!later) newest = group
    step++
  }
  const stage = part('sequence')
  const below = newest
    ? newest.getBoundingClientRect().bottom -
      stage.getBoundingClientRect().top +
      stage.scrollTop +
      12
    : 0
  stage.scrollTop = Math.max(0, below - stage.clientHeight)
}

/** @param {HTMLFormElement} turn @param {string} side */
function answer(turn, side) {
  turn.dataset.answer = side === turn.dataset.right ? 'right' : 'wrong'
  for (const why of /** @type {NodeListOf<HTMLElement>} */ (turn.querySelectorAll('.why')))
    why.hidden = why.dataset.side !== side
  for (const button of turn.querySelectorAll('button'))
    button.ariaPressed = String(button.value === side)
}

/**
 * The replay goes on only after the right answer; the others may be tried out. @param
 * {HTMLFormElement} turn
 */
function isAnswered(turn) {
  return turn.dataset.answer === 'right'
}

/** @param {HTMLFormElement} turn */
function afterOf(turn) {
  return Number(turn.dataset.after)
}
