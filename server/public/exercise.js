// An exercise: the buttons start a run, its events put pieces of the page in place. Without this
// script the same buttons are forms.

import { editing } from './editing/edit.js'
import { copyButton, post, whileBusy } from './page.js'

const say = /** @type {HTMLElement} */ (document.getElementById('say'))
const connection = /** @type {HTMLElement} */ (document.getElementById('connection'))

const path = document.getElementById('path')
path?.after(copyButton(() => path.textContent ?? ''))
const files = editing()

/** @type {Record<string, (form: HTMLFormElement) => Promise<void>>} */
const actions = {
  async start(form) {
    if (form.querySelector('button')?.getAttribute('aria-disabled') === 'true') return
    setBusy(true)
    try {
      await files?.save()
      const { html } = await post(`/api${new URL(form.action).pathname}`)
      place({ target: 'results', html })
      document.getElementById('results')?.scrollIntoView({ block: 'nearest' })
      followRun()
      showStanding()
    } catch (error) {
      setBusy(false)
      throw error
    }
  },
  async cancel(form) {
    await post(form.action)
  },
  async open(form) {
    const opened = /** @type {HTMLElement} */ (document.getElementById('opened'))
    opened.textContent = ''
    await files?.save()
    const { say: words } = await post(form.action)
    opened.textContent = words
  },
  async hint(form) {
    const count = Number(new FormData(form).get('count'))
    const { html } = await post(form.action, { count })
    place({ target: 'hints', html })
    const newest = /** @type {HTMLElement | null} */ (
      document.querySelector('#hints li:last-child')
    )
    newest?.focus()
  },
}

document.addEventListener('submit', (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target)
  const action = actions[form.dataset.action ?? '']
  if (!action) return
  event.preventDefault()
  tell('')
  whileBusy(form, () => action(form)).catch((error) => tell(error.message))
})

// How things stand is said before the title, so that it can be read while another tab is shown.
const tabAtFirst = `${document.getElementById('results')?.dataset.tab} · `
const plainTitle = document.title.startsWith(tabAtFirst)
  ? document.title.slice(tabAtFirst.length)
  : document.title

document.addEventListener('keydown', (event) => {
  const isWanted = event.key === 'Enter' && (event.ctrlKey || event.metaKey)
  if (!isWanted || event.defaultPrevented || document.querySelector('dialog[open]')) return
  event.preventDefault()
  const run = /** @type {HTMLFormElement | null} */ (
    document.querySelector("form[data-action=start][action$='/run']")
  )
  run?.requestSubmit()
})

countDown(document)
followRun()
showStanding()

/** Keeps the page up to date with the run it shows, as long as that run goes on. */
function followRun() {
  const results = document.getElementById('results')
  const run = results?.dataset.run
  if (!run || results.dataset.over === 'true') return setBusy(false)
  setBusy(true)
  const events = new EventSource(`/api/runs/${run}/events?after=${results.dataset.seen}`)
  events.onopen = () => tell('')
  events.onmessage = ({ data }) => {
    const change = JSON.parse(data)
    change.patches.forEach(place)
    showStanding()
    if (change.say) say.textContent = change.say
  }
  events.addEventListener('end', () => {
    events.close()
    setBusy(false)
  })
  events.onerror = () => {
    tell('The connection to the course server is lost. Trying again …')
    if (events.readyState === EventSource.CLOSED) findOut(run)
  }
}

/**
 * The stream is gone for good: finds out whether the server still knows the run. @param {string}
 * run
 */
async function findOut(run) {
  const answer = await fetch(`/api/runs/${run}`).catch(() => undefined)
  // A server, or what is before it, that cannot answer now knows nothing of the run.
  if (!answer || answer.status >= 500) return void setTimeout(findOut, 1500, run)
  if (answer.ok) {
    tell('')
    // A stream that is refused again and again is not asked for at once.
    return void setTimeout(followRun, 1000)
  }
  if (answer.status === 401)
    return tell('Your session is over. Reload the page and come in again: the run goes on.')
  tell(
    'The course server was started again while this run was under way, so the run came to no end. Your files are untouched: run the checks again.',
  )
  document.querySelector('.run-head form')?.remove()
  document.getElementById('status')?.remove()
  document.getElementById('results')?.setAttribute('data-over', 'true')
  setBusy(false)
}

/**
 * Puts a piece of the page in place.
 * @param {{ target: string, into?: string, html: string }} patch
 */
function place({ target, into, html }) {
  const template = document.createElement('template')
  template.innerHTML = html.trim()
  const old = document.getElementById(target)
  if (old instanceof HTMLDetailsElement && old.open)
    template.content.querySelector('details')?.setAttribute('open', '')
  countDown(template.content)
  if (old) old.replaceWith(template.content)
  else if (into) document.getElementById(into)?.append(template.content)
}

/**
 * Has each countdown in a new piece of the page go on until the next piece comes. @param
 * {ParentNode} piece
 */
function countDown(piece) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (
    piece.querySelectorAll('.countdown')
  )) {
    const end = performance.now() + Number(place.dataset.left) * 1000
    const timer = setInterval(() => {
      if (!place.isConnected) return clearInterval(timer)
      const left = Math.ceil((end - performance.now()) / 1000)
      place.textContent = left > 0 ? `about ${left} s left` : 'about to end'
    }, 500)
  }
}

/** Says in the tab's title how the newest run stands, and marks the button to press next. */
function showStanding() {
  const { tab, primary } = document.getElementById('results')?.dataset ?? {}
  document.title = tab ? `${tab} · ${plainTitle}` : plainTitle
  if (primary)
    for (const purpose of ['run', 'submit'])
      document
        .querySelector(`form[data-action=start][action$='/${purpose}'] button`)
        ?.classList.toggle('primary', purpose === primary)
}

/** @param {boolean} busy */
function setBusy(busy) {
  for (const button of document.querySelectorAll('form[data-action=start] button'))
    button.setAttribute('aria-disabled', String(busy))
}

/** @param {string} text */
function tell(text) {
  if (connection.textContent !== text) connection.textContent = text
  connection.hidden = text === ''
}
