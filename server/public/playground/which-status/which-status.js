// "Which status?": shows one situation after another, has the shop answer as chosen, and shows what
// the client made of it.

import { enable, part, say, sayError } from '../playground-say.js'
import { actOn } from './strict-client.js'

/** @typedef {{ id: string, situation: string, sent: import('./strict-client.js').Sent }} Card */

const { base = '/', cards: text = '[]' } = part('card').dataset
/** @type {Card[]} */
const cards = JSON.parse(text)
const form = /** @type {HTMLFormElement} */ (part('choice'))
/** @type {Set<string>} */
const solved = new Set()
let position = 0
/** Ends what is done for an answer, when another one is given or the card is turned. */
let answering = new AbortController()

form.addEventListener('submit', (event) => {
  event.preventDefault()
  answering.abort()
  answering = new AbortController()
  answer(current(), answering.signal).catch(sayError)
})
part('back').addEventListener('click', () => turn(-1))
part('on').addEventListener('click', () => turn(1))
showCard()
part('card').hidden = false
enable(form)

function current() {
  return /** @type {Card} */ (cards[position])
}

/** @param {number} by */
function turn(by) {
  answering.abort()
  position = (position + by + cards.length) % cards.length
  form.reset()
  part('result').hidden = true
  say('')
  showCard()
}

/** @param {Card} card @param {AbortSignal} signal */
async function answer({ id, sent }, signal) {
  part('steps').replaceChildren()
  part('result').hidden = false
  say('The client acts on your answer.')
  const opened = await fetch(`${base}tries`, {
    method: 'POST',
    signal,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ card: id, status: Number(new FormData(form).get('status')) }),
  })
  const { name, error } = await opened.json()
  if (!opened.ok) throw new Error(error)
  await actOn(`${base}shop/${name}`, sent, (step) => signal.aborted || addStep(step), signal)
  const ruled = await fetch(`${base}tries/${name}`, { signal })
  const ruling = await ruled.json()
  if (!ruled.ok) throw new Error(ruling.error)
  signal.throwIfAborted()
  if (ruling.right) solved.add(id)
  showSolved()
  say(`${ruling.right ? 'Right.' : 'Not this one.'} ${ruling.words}`)
}

function showCard() {
  const { situation, sent } = current()
  part('number').textContent = `Card ${position + 1} of ${cards.length}`
  part('situation').textContent = situation
  part('request').textContent = [
    `${sent.method} ${sent.path}`,
    sent.authorization !== null && `Authorization: ${sent.authorization}`,
    sent.type !== null && `Content-Type: ${sent.type}`,
    sent.content !== null && `\n${shortened(sent.content)}`,
  ]
    .filter((line) => line !== false)
    .join('\n')
  showSolved()
}

function showSolved() {
  const too = solved.has(current().id) ? ', this one too' : ''
  part('solved').textContent = `${solved.size} of ${cards.length} solved${too}`
}

/** @param {string} content */
function shortened(content) {
  return content.length > 100 ? `${content.slice(0, 60)}… (${content.length} bytes)` : content
}

/** @param {string} text */
function addStep(text) {
  part('steps').append(Object.assign(document.createElement('li'), { textContent: text }))
}
