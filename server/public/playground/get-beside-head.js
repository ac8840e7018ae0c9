// "GET beside HEAD": sends both to the chosen server, and opens a catalogue whose links a browser
// may load in advance. What came is shown as it was recorded.

import { forgetGuess, oneAtATime, postJson } from './playground-form.js'
import { enable, part, say, sayError, showFrom } from './playground-say.js'

const choice = /** @type {HTMLFormElement} */ (part('choice'))
const ahead = /** @type {HTMLFormElement} */ (part('ahead'))
const { base = '/' } = choice.dataset

choice.addEventListener('change', showCode)
onSubmit(choice, compare, sayError)
onSubmit(ahead, openCatalogue, (error) => sayError(error, 'say-ahead'))
showCode()

/**
 * Does what a form is for, one at a time. @param {HTMLFormElement} form @param {() =>
 * Promise<void>} act @param {(error: any) => void} onError
 */
function onSubmit(form, act, onError) {
  const whenIdle = oneAtATime(onError)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    whenIdle(act)
  })
  enable(form)
}

function showCode() {
  const chosen = new FormData(choice).get('server')
  for (const code of /** @type {NodeListOf<HTMLElement>} */ (
    choice.querySelectorAll('[data-server]')
  ))
    code.hidden = code.dataset.server !== chosen
}

async function compare() {
  const data = new FormData(choice)
  say('Sent. Waiting for the answers.')
  const { address } = await postJson(`${base}open/lamps`, { server: data.get('server') })
  // A page may send both to any server; it may only not read what this one answers.
  for (const method of ['GET', 'HEAD'])
    await fetch(address, { method, mode: 'no-cors', cache: 'no-store' })
  const result = part('result')
  result.innerHTML = await textAt(`${nameIn(address)}/lamps?said=${data.get('said')}`)
  result.hidden = false
  const ruling = /** @type {HTMLElement} */ (result.querySelector('.ruling'))
  say(ruling.textContent ?? '')
  ruling.remove()
  forgetGuess(choice, 'said')
  showFrom('say')
}

async function openCatalogue() {
  say('Opened. Waiting for what your browser sends.', 'say-ahead')
  const postOnly = new FormData(ahead).has('postOnly')
  const { address } = await postJson(`${base}open/catalogue`, { postOnly })
  const name = nameIn(address)
  const frame = document.createElement('iframe')
  frame.title = 'The catalogue'
  frame.src = `${address}?ahead`
  part('catalogue').replaceChildren(frame)
  part('catalogue').hidden = false
  await loaded(frame)
  await showTimeline(name)
  showFrom('ahead-title')
  // Once more, without anything in advance: what is left of it.
  frame.src = address
  await loaded(frame)
  await showTimeline(name)
  // Its links work, and what a click sends is recorded as well.
  frame.addEventListener('load', () => showTimeline(name).catch(() => {}))
}

/** @param {HTMLIFrameElement} frame */
function loaded(frame) {
  return new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
}

/** @param {string} name */
async function showTimeline(name) {
  const timeline = part('timeline')
  timeline.innerHTML = await textAt(`${name}/timeline`)
  const came = /** @type {HTMLElement} */ (timeline.querySelector('.came'))
  say(came.textContent ?? '', 'say-ahead')
  came.remove()
}

/** @param {string} path */
async function textAt(path) {
  const answer = await fetch(base + path)
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return text
}

/** @param {string} address */
function nameIn(address) {
  return new URL(address).pathname.split('/')[1] ?? ''
}
