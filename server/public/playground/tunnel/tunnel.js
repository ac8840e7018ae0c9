// "The tunnel": pays for a lamp in a shop of its own, again where no answer came, and shows what
// the browser and the shop know of it.

import { openSite } from '../framed-site/framed-site.js'
import { enable, part, say, sayError } from '../playground-say.js'

/**
 * A lamp that is being bought: `order` is made once, so that every click sends the same.
 * @typedef {{ id: string, site: Awaited<ReturnType<typeof openSite>>, order: RequestInit }} Purchase
 */

const form = /** @type {HTMLFormElement} */ (part('choice'))
const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'))
const pay = button.textContent
const { base = '/' } = form.dataset
/** The lamp whose payment got no answer. @type {Purchase | undefined} */
let unanswered
let busy = false

form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (busy) return
  busy = true
  send()
    .catch((error) => {
      forget()
      sayError(error)
    })
    .finally(() => (busy = false))
})
form.addEventListener('change', ({ target }) => {
  if (!busy && unanswered && /** @type {HTMLInputElement} */ (target).name !== 'prediction') {
    forget()
    say('You changed a setting, so the next payment is for another lamp.')
  }
})
enable(form)

async function send() {
  const said = new FormData(form).get('prediction')
  say('Sent. Waiting for the answer.')
  const purchase = unanswered ?? (await begin())
  unanswered = purchase
  const { id, site, order } = purchase
  await ask(`purchases/${id}/clicks`, { method: 'POST' })
  const told = await site.send('/payments', order)
  part('result').innerHTML = await (await ask(`purchases/${id}`)).text()
  part('told').textContent = inWords(told)
  part('listed').textContent =
    `Its own list of requests has ${told.listed} ${told.listed === 1 ? 'entry' : 'entries'}.`
  part('listed').hidden = told.listed === 0
  part('result').hidden = false
  const { charged, answered, because } = part('account').dataset
  if (answered === 'true') {
    forget()
    for (const radio of /** @type {NodeListOf<HTMLInputElement>} */ (
      form.querySelectorAll('[name=prediction]')
    ))
      radio.checked = false
  } else button.textContent = 'Pay again'
  say([answered === 'true' && verdict(said, charged), because].filter(Boolean).join(' '))
  // Only this page moves: within a lesson's frame, `scrollIntoView` could take the lesson along.
  const next = answered === 'true' ? part('say') : button
  scrollTo({ top: next.offsetTop - 12 })
}

/** @returns {Promise<Purchase>} */
async function begin() {
  const data = new FormData(form)
  const { id, shop } = await (
    await ask('purchases', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ cut: data.has('cut'), connection: data.get('connection') }),
    })
  ).json()
  return {
    id,
    site: await openSite(shop),
    order: {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        ...(data.get('key') === 'yes' && { 'Idempotency-Key': `"${crypto.randomUUID()}"` }),
      },
      body: 'lamp=desk&amount=49',
    },
  }
}

/** The next click is about another lamp. */
function forget() {
  unanswered?.site.close()
  unanswered = undefined
  button.textContent = pay
}

/** Asks the playground's server. @param {string} path @param {RequestInit} [request] */
async function ask(path, request) {
  const answer = await fetch(base + path, request)
  if (!answer.ok) throw new Error((await answer.json()).error)
  return answer
}

/** @param {FormDataEntryValue | null} said @param {string | undefined} charged */
function verdict(said, charged) {
  if (said === charged) return 'You were right.'
  return `Not quite: you said ${times(said)}, but the shop charged ${times(charged)}.`
}

/** @param {FormDataEntryValue | null | undefined} count */
function times(count) {
  return count === '1' ? 'once' : count === '2' ? 'twice' : `${count} times`
}

/** @param {import('../framed-site/framed-site.js').Seen} told */
function inWords({ status, statusText, text, error }) {
  return error === null
    ? `The page got ${status} ${statusText}: ${text}`
    : `The page got no answer. All it was told is “${error}”.`
}
