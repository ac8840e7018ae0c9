// The playground of the two editors: has both read the document, then saves what is typed, and shows
// what the shop has stored.

import { openSite } from '../framed-site/framed-site.js'
import { enable, part, say, sayError } from '../playground-say.js'

/**
 * One document: `tags` has what each page knows of it.
 * @typedef {{ id: string, site: Awaited<ReturnType<typeof openSite>>, tags: Record<string, string>, said: string, isJudged: boolean }} Round
 */

/** What the two add to the text that they read. */
const DRAFTS = { Ada: 'Mon-Fri 9-18, Sat 10-14', Ben: 'Mon-Fri 9-19' }

const form = /** @type {HTMLFormElement} */ (part('choice'))
const { base = '/' } = form.dataset
/** @type {Round | undefined} */
let round
let busy = false

form.addEventListener('submit', (event) => {
  event.preventDefault()
  oneAtATime(begin)
})
for (const button of /** @type {NodeListOf<HTMLElement>} */ (
  document.querySelectorAll('[data-editor]')
))
  button.addEventListener('click', () => oneAtATime(() => save(button.dataset.editor ?? '')))
enable(form)

/** @param {() => Promise<void>} act */
function oneAtATime(act) {
  if (busy) return
  busy = true
  act()
    .catch(sayError)
    .finally(() => (busy = false))
}

async function begin() {
  const data = new FormData(form)
  say('Both are opening the page.')
  round?.site.close()
  round = undefined
  part('editors').hidden = true
  part('result').hidden = true
  const { id, shop } = await (await ask('rounds', { method: 'POST' })).json()
  const site = await openSite(shop)
  round = { id, site, tags: {}, said: String(data.get('prediction')), isJudged: false }
  for (const [editor, draft] of Object.entries(DRAFTS)) {
    const seen = await send(editor, { method: 'GET' })
    textOf(editor).value = draft
    noteOf(editor, `Read “${seen.text}”, version ${versionOf(editor)}.`)
  }
  for (const radio of /** @type {NodeListOf<HTMLInputElement>} */ (
    form.querySelectorAll('[name=prediction]')
  ))
    radio.checked = false
  part('editors').hidden = false
  const because = await show()
  say(
    `${because} Ada has added Saturday, and Ben has made the weekdays longer. Nobody has saved yet: let one save, then the other.`,
  )
  bringUp()
}

/** @param {string} editor */
async function save(editor) {
  if (!round) return
  const named = new FormData(form).get('precondition') === 'yes'
  const seen = await send(editor, {
    method: 'PUT',
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      ...(named && { 'If-Match': round.tags[editor] ?? '' }),
    },
    body: textOf(editor).value,
  })
  noteOf(
    editor,
    seen.status === 412
      ? `Refused. The shop sent version ${versionOf(editor)}: “${seen.text}”`
      : `Saved as version ${versionOf(editor)}.`,
  )
  const because = await show()
  const { fate } = part('account').dataset
  const isDecided = fate !== '' && !round.isJudged
  say([isDecided && verdict(round.said, fate), because].filter(Boolean).join(' '))
  round.isJudged ||= isDecided
  if (part('say').getBoundingClientRect().top < 0) bringUp()
}

/**
 * Sends what somebody's page sends, and keeps the tag of the answer for its next save.
 * @param {string} editor @param {RequestInit} request
 */
async function send(editor, request) {
  if (!round) throw new Error(CLOSED)
  const seen = await round.site.send('/hours', {
    ...request,
    headers: { ...request.headers, Editor: editor },
  })
  const { etag } = seen.headers
  if (etag === undefined) throw new Error(CLOSED)
  round.tags[editor] = etag
  return seen
}

const CLOSED = 'The shop answers no more for this document. Have both open the page once more.'

/** Shows what was recorded. Gives the explanation of the last step. */
async function show() {
  part('result').innerHTML = await (await ask(`rounds/${round?.id}`)).text()
  part('result').hidden = false
  return part('account').dataset.because
}

/** Asks the playground's server. @param {string} path @param {RequestInit} [request] */
async function ask(path, request) {
  const answer = await fetch(base + path, request)
  if (!answer.ok) throw new Error((await answer.json()).error)
  return answer
}

/** @param {string} said @param {string | undefined} fate */
function verdict(said, fate) {
  if (said === fate) return 'You were right.'
  return fate === 'overwritten'
    ? 'Not quite: you said that the first text stays, but it was overwritten.'
    : 'Not quite: you said that the first text is overwritten, but it stays.'
}

/** Only this page moves: within a lesson's frame, `scrollIntoView` could take the lesson along. */
function bringUp() {
  scrollTo({ top: part('say').offsetTop - 12 })
}

/** @param {string} editor */
function textOf(editor) {
  return /** @type {HTMLTextAreaElement} */ (part(`text-${editor.toLowerCase()}`))
}

/** @param {string} editor @param {string} words */
function noteOf(editor, words) {
  part(`note-${editor.toLowerCase()}`).textContent = words
}

/** The number in a tag: `"2"` is version 2. @param {string} editor */
function versionOf(editor) {
  return round?.tags[editor]?.replaceAll('"', '')
}
