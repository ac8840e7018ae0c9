// "The herd": asks the playground's server what comes of a setting, and shows it.

import { enable, part, say, sayError } from '../playground-say.js'

const form = /** @type {HTMLFormElement} */ (part('choice'))
const { base = '/' } = form.dataset
/** Ends what is under way when another setting is chosen. */
let asking = new AbortController()

form.addEventListener('submit', (event) => {
  event.preventDefault()
  asking.abort()
  asking = new AbortController()
  run(asking.signal).catch(sayError)
})
enable(form)

/** @param {AbortSignal} signal */
async function run(signal) {
  const chosen = new URLSearchParams()
  for (const [name, value] of new FormData(form)) chosen.append(name, String(value))
  const answer = await fetch(`${base}run?${chosen}`, { signal })
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  part('result').innerHTML = text
  part('result').hidden = false
  const { say: ruling = '', answer: isRight = '', row = '[]' } = part('run').dataset
  say(ruling)
  addRow(JSON.parse(row), isRight)
  part('runs').hidden = false
  // Only this page moves: within a lesson's frame, `scrollIntoView` could take the lesson along.
  scrollTo({ top: part('say').offsetTop - 12 })
}

/** @param {string[]} cells @param {string} answer */
function addRow(cells, answer) {
  const row = document.createElement('tr')
  row.dataset.answer = answer
  row.append(
    ...cells.map((text) => Object.assign(document.createElement('td'), { textContent: text })),
  )
  part('rows').prepend(row)
}
