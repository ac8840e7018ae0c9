// "Preflight or not?": sends the chosen request to the partner and shows what the recording says of
// it.

import { forgetGuess, oneAtATime, postJson } from './playground-form.js'
import { enable, part, say, showFrom } from './playground-say.js'

const form = /** @type {HTMLFormElement} */ (part('choice'))
const { base = '/' } = form.dataset
/** What a page could not set without asking is among these, too. */
const FIELDS = { Accept: 'application/json', 'X-Color': 'green', Authorization: 'Bearer x' }
const whenIdle = oneAtATime()

form.addEventListener('submit', (event) => {
  event.preventDefault()
  whenIdle(send)
})
enable(form)

async function send() {
  const data = new FormData(form)
  say('Sent. Waiting for the answer.')
  const { address } = await postJson(`${base}tries`, { permission: data.get('permission') })
  const read = await readAnswer(address, requestOf(data))
  const answer = await fetch(base + 'tries' + address.slice(address.lastIndexOf('/')))
  if (!answer.ok)
    throw new Error('Nothing came to the partner: your browser did not let the request out.')
  part('result').innerHTML = await answer.text()
  part('result').hidden = false
  const { asked, sent } = /** @type {HTMLElement} */ (document.querySelector('.ruling')).dataset
  const came = asked === 'true' ? 'asks' : 'sends'
  part('read').textContent = [
    read.words,
    read.failed && refusal(data),
    read.failed &&
      sent === 'true' &&
      'The partner carried the request out all the same: only its answer was withheld.',
    data.has('credentials') &&
      'Credentials did not decide whether your browser asks. They decide what the answer has to say: the page’s origin by name, and Access-Control-Allow-Credentials.',
  ]
    .filter(Boolean)
    .join(' ')
  const reasons = [...part('because').children].map(({ textContent }) => textContent).join(' ')
  const said = /** @type {'asks' | 'sends'} */ (data.get('prediction'))
  say(
    said === came
      ? 'You were right. What decided is below.'
      : `Not quite: you said that your browser ${PREDICTIONS[said]}, but it ${CAME[came]}. ${reasons}`,
  )
  addRow([describe(data), PREDICTIONS[said], PREDICTIONS[came], reasons, read.brief], said === came)
  part('tries').hidden = false
  forgetGuess(form, 'prediction')
  showFrom('say')
}

const PREDICTIONS = { asks: 'asks first', sends: 'sends at once' }
const CAME = { asks: 'asked first', sends: 'sent at once' }
const PERMISSIONS = {
  this: 'this page may read',
  any: 'anybody may read',
  nobody: 'nobody may read',
}

/** @param {FormData} data @returns {RequestInit} */
function requestOf(data) {
  const method = String(data.get('method'))
  const type = String(data.get('type'))
  const fields = Object.entries(FIELDS).filter(([name]) => data.has(name))
  const empty = type === '' || method === 'GET' || method === 'HEAD'
  // The browser itself names the type of a text or a form; only JSON, and a type without content,
  // has to be said.
  if (type === 'application/json' || (empty && type !== '')) fields.push(['Content-Type', type])
  return {
    method,
    headers: fields,
    credentials: data.has('credentials') ? 'include' : 'same-origin',
    ...(!empty && { body: bodyOf(type) }),
  }
}

/** @param {string} type @returns {BodyInit} */
function bodyOf(type) {
  if (type === 'application/x-www-form-urlencoded') return new URLSearchParams({ color: 'green' })
  if (type === 'application/json') return '{"color":"green"}'
  if (type === 'text/plain') return 'green'
  const form = new FormData()
  form.set('color', 'green')
  return form
}

/** What a script is let see. @param {string} address @param {RequestInit} request */
async function readAnswer(address, request) {
  try {
    const answer = await fetch(address, request)
    const text = (await answer.text()).trim()
    const words = `The script could read the status, ${answer.status}, ${text === '' ? 'and that there was no content.' : `and the content: “${text}”`} It asked for X-Remark too and got ${answer.headers.get('X-Remark')}: the answer does not expose that field.`
    return {
      failed: false,
      words,
      brief: text === '' ? `${answer.status}, no content` : `${answer.status}, “${text}”`,
    }
  } catch (error) {
    return {
      failed: true,
      words: `The script could read nothing. All it was told is “${error}”; the reason stands in your browser’s console alone.`,
      brief: 'nothing',
    }
  }
}

/** Why a script got nothing, as far as the choice explains it. @param {FormData} data */
function refusal(data) {
  if (data.get('permission') === 'nobody')
    return 'The partner’s answer has no Access-Control-Allow-Origin: it permits nobody.'
  return (
    data.get('permission') === 'any' &&
    data.has('credentials') &&
    'With credentials, “*” is no wildcard: it permits nobody.'
  )
}

/** @param {FormData} data */
function describe(data) {
  const type = String(data.get('type'))
  return [
    data.get('method'),
    type,
    ...Object.keys(FIELDS).filter((name) => data.has(name)),
    data.has('credentials') && 'with credentials',
    PERMISSIONS[/** @type {'this' | 'any' | 'nobody'} */ (data.get('permission'))],
  ]
    .filter(Boolean)
    .join(' · ')
}

/** @param {string[]} cells @param {boolean} right */
function addRow(cells, right) {
  const row = document.createElement('tr')
  row.dataset.answer = right ? 'right' : 'wrong'
  row.append(
    ...cells.map((text) => Object.assign(document.createElement('td'), { textContent: text })),
  )
  part('rows').prepend(row)
}
