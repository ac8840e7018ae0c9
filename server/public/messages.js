// Messages in a text: a field is explained where the pointer or the focus is, and a message is
// shown as text, with its line endings, or as bytes. Without this script the fields' names lead to
// the list of explanations.

const tip = document.createElement('div')
tip.className = 'field-tip'
tip.popover = 'manual'
tip.role = 'tooltip'
document.querySelector('main')?.append(tip)

let timer = 0

for (const [type, show] of Object.entries({
  pointerover: true,
  focusin: true,
  pointerout: false,
  focusout: false,
})) {
  document.addEventListener(type, ({ target }) => {
    const over = /** @type {Element} */ (target).closest?.('a.w-name, .field-tip')
    if (!over) return
    clearTimeout(timer)
    // A moment to come over to the explanation itself, whose words can then be selected.
    if (!show) timer = setTimeout(() => tip.hidePopover(), 200)
    else if (over !== tip) explain(/** @type {HTMLAnchorElement} */ (over))
  })
}
document.addEventListener('click', (event) => {
  const name = /** @type {Element} */ (event.target).closest('a.w-name')
  if (!name) return
  event.preventDefault()
  explain(/** @type {HTMLAnchorElement} */ (name))
})
addEventListener('keydown', ({ key }) => key === 'Escape' && tip.hidePopover())
// Focusing a name may itself scroll the page.
addEventListener('scroll', () => tip.matches(':popover-open') && place(), { passive: true })

/** @type {HTMLAnchorElement} */
let explained

/** @param {HTMLAnchorElement} name */
function explain(name) {
  explained = name
  tip.textContent = document.getElementById(name.hash.slice(1))?.textContent ?? ''
  tip.showPopover()
  place()
}

function place() {
  const { left, top, bottom } = explained.getBoundingClientRect()
  if (!explained.isConnected || bottom < 0 || top > innerHeight) return tip.hidePopover()
  const below = bottom + 6 + tip.offsetHeight < innerHeight
  tip.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - tip.offsetWidth - 8))}px`
  tip.style.top = `${below ? bottom + 6 : top - 6 - tip.offsetHeight}px`
}

const views = /** @type {const} */ ([
  ['text', 'Text'],
  ['endings', 'Line endings'],
  ['bytes', 'Bytes'],
])

/** Gives every box of messages on this page its buttons. */
export function offerViews() {
  for (const box of document.querySelectorAll('.prose .wire-messages')) {
    const codes = [...box.querySelectorAll('code')].map((code) => ({ code, text: code.innerHTML }))
    const group = document.createElement('div')
    group.className = 'wire-views'
    group.role = 'group'
    group.ariaLabel = 'Show the messages as'
    for (const [view, label] of views) {
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = label
      button.ariaPressed = String(view === 'text')
      button.addEventListener('click', () => {
        for (const each of group.children) each.ariaPressed = String(each === button)
        for (const { code, text } of codes) show(code, text, view)
      })
      group.append(button)
    }
    box.append(group)
  }
}

/**
 * @param {HTMLElement} code @param {string} text Its HTML as it came. @param {'text' | 'endings' |
 * 'bytes'} view
 */
function show(code, text, view) {
  code.innerHTML = text
  if (view === 'text') return
  const lines = linesOf(code)
  if (view === 'endings')
    code.innerHTML = lines
      .map(({ html, ending }) =>
        html.includes('w-ending') || !ending
          ? html
          : `${html}<span class="w-ending">${ending}</span>`,
      )
      .join('\n')
  else code.replaceChildren(...lines.flatMap(({ words, ending }) => rows(words, ending)))
}

/**
 * The lines of a message, each with the ending it has on the wire: CRLF up to the empty line, in
 * the content what was typed.
 * @param {HTMLElement} code
 */
function linesOf(code) {
  const htmls = code.innerHTML.replace(/\n$/, '').split('\n')
  let inContent = false
  const lines = htmls.map((html, index) => {
    const words = wordsOf(html)
    const ending = words === '…' ? '' : !inContent ? 'CRLF' : index < htmls.length - 1 ? 'LF' : ''
    if (words === '') inContent = true
    return { html, words, ending }
  })
  // The empty line at the end of a head without content is on the wire, though nobody types it.
  const isWhole = code.querySelector('.w-start') && lines.at(-1)?.words !== '…'
  return inContent || !isWhole ? lines : [...lines, { html: '', words: '', ending: 'CRLF' }]
}

/** @param {string} html */
function wordsOf(html) {
  const template = document.createElement('template')
  template.innerHTML = html
  for (const ending of template.content.querySelectorAll('.w-ending')) ending.remove()
  return template.content.textContent ?? ''
}

/**
 * A line as rows of sixteen bytes, in hexadecimal and as characters. @param {string} words @param
 * {string} ending
 */
function rows(words, ending) {
  if (words === '…')
    return [
      Object.assign(document.createElement('span'), { className: 'w-elided', textContent: '…\n' }),
    ]
  const bytes = [
    ...new TextEncoder().encode(words),
    ...(ending === 'CRLF' ? [13, 10] : ending === 'LF' ? [10] : []),
  ]
  const width = innerWidth < 480 ? 8 : 16
  const hex = (/** @type {number} */ byte) => byte.toString(16).padStart(2, '0')
  /** @type {(string | Node)[]} */
  const nodes = []
  for (let at = 0; at < bytes.length; at += width) {
    const row = bytes.slice(at, at + width)
    const isEnd = (/** @type {number} */ byte) => byte === 13 || byte === 10
    const control = Object.assign(document.createElement('b'), {
      className: 'w-control',
      textContent: row.filter(isEnd).map(hex).join(' '),
    })
    const plain = row
      .filter((byte) => !isEnd(byte))
      .map(hex)
      .join(' ')
    const shown = row.length * 3 - 1
    const characters = row
      .map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·'))
      .join('')
    nodes.push(
      plain,
      plain && control.textContent ? ' ' : '',
      control,
      ' '.repeat(width * 3 + 1 - shown),
      Object.assign(document.createElement('span'), {
        className: 'w-elided',
        textContent: characters,
      }),
      '\n',
    )
  }
  return nodes
}
