// The palette: one field that finds lessons, exercises, headings, words in the text, and what can
// be done on this page. Loaded when it is first opened.

import { keep, kept } from './kept.js'

/**
 * @typedef {{ kind: string, title: string, hint: string | Node, address?: string, run?: () => void
 * }} Entry
 */

const dialog = document.createElement('dialog')
dialog.className = 'palette'
dialog.ariaLabel = 'Search and commands'
dialog.innerHTML = `<input type="text" role="combobox" aria-label="Search lessons, exercises and actions" aria-expanded="true" aria-controls="palette-list"
  aria-autocomplete="list" autocomplete="off" spellcheck="false" autocapitalize="off" enterkeyhint="go" placeholder="Search lessons, exercises, actions">
<ul role="listbox" id="palette-list" aria-label="Found" tabindex="-1"></ul>
<p class="facts"><span role="status"></span> <i><kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Enter</kbd> open <kbd>Esc</kbd> close</i></p>`
document.body.append(dialog)

const field = /** @type {HTMLInputElement} */ (dialog.querySelector('input'))
const list = /** @type {HTMLElement} */ (dialog.querySelector('ul'))
const status = /** @type {HTMLElement} */ (dialog.querySelector('[role=status]'))

/** @type {Entry[]} */
let known = []
/** @type {Entry[]} */
let shown = []
let chosen = 0
let asking = new AbortController()

/**
 * Opens the palette. What can be gone to is asked for anew each time: states change. @param {string}
 * words that were typed already
 */
export async function open(words) {
  if (dialog.open) return
  field.value = words
  dialog.showModal()
  known = actions()
  if (words === '') show(known)
  else find()
  const places = await ask('/api/palette', new AbortController().signal)
  known = [...known, ...places]
  if (field.value === '') show(beginning())
  else find()
}

field.addEventListener('input', find)
field.addEventListener('keydown', (event) => {
  const steps = /** @type {Record<string, number>} */ ({
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: 8,
    PageUp: -8,
  })
  if (event.key in steps) {
    event.preventDefault()
    choose(
      Math.abs(steps[event.key]) === 1
        ? (chosen + steps[event.key] + shown.length) % Math.max(1, shown.length)
        : Math.min(shown.length - 1, Math.max(0, chosen + steps[event.key])),
    )
  } else if (event.key === 'Enter' && !event.isComposing) {
    event.preventDefault()
    follow(shown[chosen])
  }
})
list.addEventListener('click', ({ target }) => {
  const option = /** @type {Element} */ (target).closest('[role=option]')
  if (option) follow(shown[[...list.children].indexOf(option)])
})
// The dialog fills nothing but its own box: a click on itself is one beside it.
dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close())
dialog.addEventListener('close', () => asking.abort())

/** @param {Entry | undefined} entry */
function follow(entry) {
  if (!entry) return
  dialog.close()
  if (entry.run) entry.run()
  else if (entry.address) location.assign(entry.address)
}

/** What can be done on this page: the buttons and links that are on it. @returns {Entry[]} */
function actions() {
  /** @type {(selector: string, name?: (text: string) => string) => Entry[]} */
  const from = (selector, name = (text) => text) =>
    [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector))].map(
      (element) => ({
        kind: 'Do',
        title: name(
          element.dataset.palette ?? element.textContent?.replace(/\s+/g, ' ').trim() ?? '',
        ),
        hint: '',
        run: () => element.click(),
      }),
    )
  const neighbours = /** @type {HTMLElement | null} */ (document.querySelector('.neighbours'))
  const kind = neighbours?.dataset.of ?? 'lesson'
  const single = kept('keys') !== 'off'
  return [
    ...from('form[data-action=start] button'),
    ...from('.finish button'),
    ...from('a[rel=next]', (text) => `Next ${kind}: ${text.replace(/^(After|Next) j /, '')}`),
    ...from(
      'a[rel=prev]',
      (text) => `Previous ${kind}: ${text.replace(/^(Before|Previous) k /, '')}`,
    ),
    ...from('.themes button', (text) => `Colours: ${text.replace(/^Colours /, '').toLowerCase()}`),
    {
      kind: 'Do',
      title: `Turn the keys / j k ${single ? 'off' : 'on'}`,
      hint: 'shortcuts of one key',
      run: () => keep('keys', single ? 'off' : 'on'),
    },
    { kind: 'Do', title: 'Print this page', hint: '', run: () => print() },
  ]
}

/**
 * What is shown before anything is typed: where to go on and what can be done; lessons and headings
 * are too many.
 */
function beginning() {
  const places = known.filter(({ kind }) => kind === 'Go to')
  return [
    ...known.filter(({ kind }) => kind === 'Do').slice(0, 4),
    ...places,
    ...known.filter(({ kind }) => kind === 'Do').slice(4),
  ]
}

function find() {
  asking.abort()
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return show(beginning())
  const ranked = known
    .map((entry) => ({ entry, rank: rank(entry, words) }))
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank)
    .slice(0, 12)
    .map(({ entry }) => entry)
  show(ranked)
  askForText(field.value, ranked)
}

/**
 * How well an entry fits, 0 when a word is missing. @param {Entry} entry @param {string[]} words
 */
function rank({ kind, title, hint }, words) {
  const name = title.toLowerCase()
  const all = `${name} ${typeof hint === 'string' ? hint.toLowerCase() : ''} ${kind.toLowerCase()}`
  let sum = kind === 'Heading' ? 1 : 2
  for (const word of words) {
    if (name.startsWith(word)) sum += 6
    else if (name.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))) sum += 4
    else if (name.includes(word)) sum += 2
    else if (all.includes(word)) sum += 1
    else return 0
  }
  return sum
}

/**
 * Adds the places in the text that have these words, once typing pauses. @param {string} words
 * @param {Entry[]} before
 */
async function askForText(words, before) {
  asking = new AbortController()
  const { signal } = asking
  await new Promise((resolve) => setTimeout(resolve, 120))
  if (signal.aborted) return
  const found = await ask(`/api/search?q=${encodeURIComponent(words)}`, signal)
  if (signal.aborted) return
  const inText = found
    .filter(({ address }) => !before.some((entry) => entry.address === address))
    .map((each) => ({
      kind: 'Text',
      title: each.heading || each.title,
      hint: marked(each.snippet),
      address: each.address,
    }))
  show([...before, ...inText], chosen)
}

/** @param {string} address @param {AbortSignal} signal @returns {Promise<any[]>} */
async function ask(address, signal) {
  try {
    const answer = await fetch(address, { signal, headers: { Accept: 'application/json' } })
    if (answer.ok) return await answer.json()
  } catch {
    // What is typed meanwhile ends it also while its content comes.
  }
  if (!signal.aborted) status.textContent = 'The course server does not answer.'
  return []
}

/** @param {{ text: string, matches: boolean }[]} snippet */
function marked(snippet) {
  const pieces = document.createElement('span')
  pieces.append(
    ...snippet.map(({ text, matches }) =>
      matches ? Object.assign(document.createElement('mark'), { textContent: text }) : text,
    ),
  )
  return pieces
}

/** @param {Entry[]} entries @param {number} [choice] */
function show(entries, choice = 0) {
  shown = entries
  list.replaceChildren(...entries.map(option))
  list.hidden = entries.length === 0
  field.ariaExpanded = String(entries.length > 0)
  status.textContent = entries.length === 0 ? 'Nothing found.' : `${entries.length} found.`
  choose(choice)
}

/** @param {Entry} entry @param {number} index */
function option({ kind, title, hint }, index) {
  const item = document.createElement('li')
  item.id = `palette-${index}`
  item.role = 'option'
  const parts = [kind, title, hint].map((text) => {
    const part = document.createElement('span')
    part.append(text)
    return part
  })
  // Spaces, so that the three are words apart when they are read out.
  item.append(parts[0], ' ', parts[1], ' ', parts[2])
  return item
}

/** @param {number} index */
function choose(index) {
  chosen = index
  for (const [at, item] of [...list.children].entries()) item.ariaSelected = String(at === index)
  const item = list.children[index]
  if (item) field.setAttribute('aria-activedescendant', item.id)
  else field.removeAttribute('aria-activedescendant')
  item?.scrollIntoView({ block: 'nearest' })
}
