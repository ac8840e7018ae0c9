// "Which method arrives?": sends each method twice to an old address that redirects, and fills in
// what arrived at the new one.

import { oneAtATime, postJson } from './playground-form.js'
import { enable, part, say, showFrom } from './playground-say.js'

const form = /** @type {HTMLFormElement} */ (part('choice'))
const rest = part('rest')
const { base = '/' } = form.dataset
const STATUSES = [301, 302, 303, 307, 308]
const METHODS = ['GET', 'POST', 'PUT', 'DELETE']
/** The name of what was tried last, by its status. @type {Map<number, string>} */
const tried = new Map()
const whenIdle = oneAtATime()

form.addEventListener('submit', (event) => {
  event.preventDefault()
  whenIdle(async () => {
    const { status, ...guess } = /** @type {Record<string, string>} */ (
      Object.fromEntries(new FormData(form))
    )
    say(`Sent. Waiting for what comes of ${status}.`)
    const answer = await tryOut(Number(status), guess)
    part('result').innerHTML = answer.result
    part('result').hidden = false
    say(answer.say)
    choose(untried()[0] ?? Number(status))
    rest.hidden = untried().length === 0
    await sumUp()
    showFrom('say')
  })
})
rest.querySelector('button')?.addEventListener('click', () =>
  whenIdle(async () => {
    for (const status of untried()) await tryOut(status)
    rest.hidden = true
    await sumUp()
  }),
)
enable(form)

/**
 * Has a status tried out, and fills in its row. @param {number} status @param {Record<string,
 * string>} guess
 */
async function tryOut(status, guess = {}) {
  const { name } = await postJson(`${base}tries`, { status })
  for (const method of METHODS) {
    const body = method === 'POST' || method === 'PUT' ? 'amount=49' : null
    // The second time the browser may know where to go.
    for (let visit = 0; visit < 2; visit++)
      await (await fetch(`${base}${name}/old/${method}`, { method, body })).text()
  }
  const answer = await (await fetch(`${base}${name}/row?${new URLSearchParams(guess)}`)).json()
  const row = /** @type {HTMLElement} */ (document.querySelector(`tr[data-status="${status}"]`))
  row.innerHTML = answer.row
  tried.set(status, name)
  return answer
}

function untried() {
  return STATUSES.filter((status) => !tried.has(status))
}

/** Makes the form ready for the next guess. @param {number} status */
function choose(status) {
  for (const radio of /** @type {NodeListOf<HTMLInputElement>} */ (
    form.querySelectorAll('[type=radio]')
  ))
    radio.checked = radio.name === 'status' && radio.value === String(status)
}

async function sumUp() {
  if (untried().length > 0) return
  part('sum').textContent = await (
    await fetch(`${base}sum?names=${[...tried.values()].join(',')}`)
  ).text()
}
