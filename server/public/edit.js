// Editing the learner's own files in the page. The file on disk stays the one that counts: each save says which version it replaces, and a
// change made elsewhere is shown, never overwritten in silence. The editor itself is fetched when it is asked for.

import { post } from './page.js'

/**
 * @typedef {object} OpenFile
 * @property {string} name
 * @property {string} version of what is on disk, as far as this page knows
 * @property {string} saved the text of that version
 * @property {string} text as it stands here
 * @property {'\n' | '\r\n'} ending of its lines
 *
 * @typedef {object} Surface what one types into
 * @property {(name: string, text: string) => void} show
 * @property {() => string} text
 * @property {(text: string) => void} replace
 * @property {() => void} focus
 * @property {() => void} remove
 */

const LOOK_EVERY_MS = 2000

/** Puts the button "Edit here" in its place. Gives the way to save all that is open, or nothing on a page without files. */
export function editing() {
  const place = document.getElementById('edit')
  if (!place) return undefined
  const open = button('Edit here', () => start(false))
  const plain = button('Plain text field', () => start(true))
  plain.className = 'quiet'
  place.append(open, ' ', plain)
  /** @type {Session | undefined} */
  let session
  const start = async (/** @type {boolean} */ inPlainText) => {
    place.replaceChildren()
    session = new Session(place, inPlainText, () => {
      session = undefined
      place.replaceChildren(open, ' ', plain)
      open.focus()
    })
    await session.begin()
  }
  return { save: async () => session?.saveAll() }
}

class Session {
  /** @type {Map<string, OpenFile>} */
  #files = new Map()
  /** @type {OpenFile | undefined} */
  #shown
  /** @type {Surface | undefined} */
  #surface
  /** The versions on disk whose conflict is being shown. @type {string | undefined} */
  #conflict
  #saving = Promise.resolve()
  #ended = new AbortController()

  /**
   * @param {HTMLElement} place
   * @param {boolean} inPlainText
   * @param {() => void} onClose
   */
  constructor(place, inPlainText, onClose) {
    this.place = place
    this.inPlainText = inPlainText
    this.onClose = onClose
    this.names = /** @type {string[]} */ (JSON.parse(place.dataset.files ?? '[]'))
    this.tabs = element('div', 'editor-tabs')
    this.surfacePlace = element('div', 'editor-surface')
    this.notice = element('div', 'editor-notice')
    this.notice.setAttribute('role', 'alert')
    this.state = element('span', 'editor-state')
    this.state.setAttribute('role', 'status')
    const bar = element('div', 'editor-bar')
    bar.append(this.tabs, this.state, button('Save', () => this.#try(() => this.saveAll())), button('Close', () => this.close()))
    // What is typed here is for the editor, and none of the page's keys.
    this.surfacePlace.addEventListener('keydown', (event) => event.stopPropagation())
    place.append(bar, this.notice, this.surfacePlace)
  }

  async begin() {
    await this.#try(async () => {
      this.#surface = await this.#makeSurface()
      await this.#show(this.names[0] ?? '')
      this.#surface.focus()
    })
    const { signal } = this.#ended
    window.addEventListener('beforeunload', (event) => this.#isDirty() && event.preventDefault(), { signal })
    const look = () => document.visibilityState === 'visible' && void this.#look()
    window.addEventListener('focus', look, { signal })
    document.addEventListener('visibilitychange', look, { signal })
    const timer = setInterval(look, LOOK_EVERY_MS)
    signal.addEventListener('abort', () => clearInterval(timer))
  }

  /** Saves every file that was changed here, one after another. Rejects, with words for the reader, when one cannot be. */
  saveAll() {
    return this.#inTurn(async () => {
      this.#take()
      for (const file of this.#files.values()) {
        if (file.text !== file.saved) await this.#save(file)
      }
    })
  }

  close() {
    this.#take()
    const isLost = this.#isDirty() && !confirm('What you changed here is not saved. Close all the same?')
    if (isLost) return
    this.#ended.abort()
    this.#surface?.remove()
    this.onClose()
  }

  async #makeSurface() {
    const options = { parent: this.surfacePlace, onChange: () => this.#changed(), onSave: () => void this.#try(() => this.saveAll()) }
    if (this.inPlainText) return textField(options)
    try {
      const { createEditor } = await import(this.place.dataset.editor ?? '')
      return /** @type {Surface} */ (createEditor(options))
    } catch {
      return textField(options)
    }
  }

  /** @param {string} name */
  async #show(name) {
    this.#take()
    const file = this.#files.get(name) ?? (await this.#open(name))
    this.#shown = file
    this.#surface?.show(name, file.text)
    this.#drawTabs()
    this.#drawState()
  }

  /** @param {string} name */
  async #open(name) {
    const { text, version } = await read(this.#address(name))
    const file = fileFrom(name, text, version)
    this.#files.set(name, file)
    return file
  }

  /** @param {OpenFile} file */
  async #save(file, { keepOther = false } = {}) {
    const text = file.text
    this.#say('Saving …')
    const body = { text: file.ending === '\n' ? text : text.replaceAll('\n', '\r\n'), keepOther }
    try {
      const { version, copy } = await post(this.#address(file.name), body, { method: 'PUT', headers: { 'If-Match': `"${file.version}"` } })
      Object.assign(file, { version, saved: text })
      this.#settle(copy === null ? '' : `Yours is in the file now. The other version is kept in ${copy}`)
    } catch (error) {
      this.#drawState()
      if (/** @type {any} */ (error).status !== 412) throw error
      await this.#offerBoth(file)
      throw new Error(`${file.name} was changed outside this page. Choose which version to keep, then go on.`, { cause: error })
    }
  }

  /** Whether the files are still what this page believes; asked again and again, because nobody tells. */
  async #look() {
    this.#take()
    for (const file of this.#files.values()) {
      const answer = await read(this.#address(file.name), file.version).catch(() => undefined)
      if (!answer || answer.version === file.version || this.#ended.signal.aborted) continue
      this.#take()
      if (file.text === file.saved) this.#adopt(file, answer, `${file.name} was changed outside this page. This is the newer version.`)
      else if (answer.version !== this.#conflict) await this.#try(() => this.#offerBoth(file))
    }
  }

  /**
   * @param {OpenFile} file
   * @param {{ text: string, version: string }} newer
   * @param {string} words
   */
  #adopt(file, newer, words) {
    Object.assign(file, fileFrom(file.name, newer.text, newer.version))
    if (file === this.#shown) this.#surface?.replace(file.text)
    this.#settle(words)
  }

  /** Both versions side by side, and a button for each. @param {OpenFile} file */
  async #offerBoth(file) {
    if (file !== this.#shown) await this.#show(file.name)
    const { html, text, version } = await post(`${this.#address(file.name)}/compare`, { text: file.text })
    this.#conflict = version
    const words = element('p')
    words.textContent = `${file.name} was changed outside this page, and you have changed it here. Which one shall it be?`
    const compared = element('div', 'editor-compared')
    // Made by this course's server, out of escaped text.
    compared.innerHTML = html
    const mine = button('Keep mine', () =>
      this.#try(() =>
        this.#inTurn(async () => {
          this.#take()
          file.version = version
          await this.#save(file, { keepOther: true })
        }),
      ),
    )
    const theirs = button('Take the file’s', () => this.#adopt(file, { text, version }, 'This is the version in the file. Undo brings yours back.'))
    const choices = element('p', 'editor-choices')
    choices.append(mine, ' ', theirs)
    this.notice.replaceChildren(words, choices, compared)
    this.#drawState()
  }

  /** Nothing is open any more: a conflict is over, a save is done. @param {string} words */
  #settle(words) {
    this.#conflict = undefined
    const paragraph = element('p')
    paragraph.textContent = words
    this.notice.replaceChildren(...(words === '' ? [] : [paragraph]))
    this.#changed()
  }

  /** What is typed, into the file it belongs to. */
  #take() {
    if (this.#shown && this.#surface) this.#shown.text = this.#surface.text()
  }

  #isDirty() {
    this.#take()
    return [...this.#files.values()].some(({ text, saved }) => text !== saved)
  }

  #changed() {
    this.#drawState()
    this.#drawTabs()
  }

  #drawState() {
    this.#say(this.#conflict !== undefined ? 'Not saved: changed outside' : this.#isDirty() ? 'Not saved yet' : 'Saved')
  }

  #drawTabs() {
    if (this.names.length < 2) return void (this.tabs.textContent = this.names[0] ?? '')
    // Made once: a button that is replaced between press and release is never clicked.
    if (this.tabs.childElementCount === 0) this.tabs.append(...this.names.map((name) => button(name, () => this.#try(() => this.#show(name)))))
    for (const [index, name] of this.names.entries()) {
      const file = this.#files.get(name)
      const tab = /** @type {HTMLElement} */ (this.tabs.children[index])
      tab.textContent = `${name}${file && file.text !== file.saved ? ' •' : ''}`
      tab.setAttribute('aria-pressed', String(name === this.#shown?.name))
    }
  }

  /** @param {string} words */
  #say(words) {
    if (this.state.textContent !== words) this.state.textContent = words
  }

  /** One save after another: each names the version that the one before it made. @param {() => Promise<void>} work */
  #inTurn(work) {
    const turn = this.#saving.then(work)
    this.#saving = turn.catch(() => {})
    return turn
  }

  /** Does something and says what went wrong. @param {() => Promise<unknown>} work */
  async #try(work) {
    try {
      await work()
    } catch (error) {
      if (this.#conflict !== undefined) return
      const paragraph = element('p', 'error')
      paragraph.textContent = /** @type {Error} */ (error).message
      this.notice.replaceChildren(paragraph)
    }
  }

  /** @param {string} name */
  #address(name) {
    return `/api/exercises/${this.place.dataset.exercise}/files/${encodeURIComponent(name)}`
  }
}

/**
 * @param {string} name
 * @param {string} text
 * @param {string} version
 * @returns {OpenFile}
 */
function fileFrom(name, text, version) {
  // An editor knows one line ending; the file keeps its own.
  const ending = text.includes('\r\n') ? '\r\n' : '\n'
  const plain = text.replaceAll('\r\n', '\n')
  return { name, version, saved: plain, text: plain, ending }
}

/**
 * @param {string} address
 * @param {string} [version] that is known: gives nothing new when it still is the one
 * @returns {Promise<{ text: string, version: string } | undefined>}
 */
async function readIfChanged(address, version) {
  const answer = await fetch(address, { cache: 'no-store', headers: { Accept: 'application/json', ...(version !== undefined && { 'If-None-Match': `"${version}"` }) } })
  if (answer.status === 304) return undefined
  const data = await answer.json()
  if (!answer.ok) throw new Error(data.error)
  return data
}

/**
 * @param {string} address
 * @param {string} [version]
 */
async function read(address, version) {
  const data = await readIfChanged(address, version).catch((error) => {
    throw error instanceof TypeError ? new Error('The course server does not answer. Start it again with: npm start') : error
  })
  return data ?? { text: '', version: version ?? '' }
}

/**
 * A field of plain text, for those who prefer one, and for where the editor cannot be had.
 * @param {{ parent: HTMLElement, onChange: () => void, onSave: () => void }} options
 * @returns {Surface}
 */
function textField({ parent, onChange, onSave }) {
  const field = document.createElement('textarea')
  field.spellcheck = false
  field.rows = 24
  field.autocapitalize = 'off'
  field.addEventListener('input', onChange)
  field.addEventListener('keydown', (event) => {
    if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    onSave()
  })
  parent.append(field)
  return {
    show(name, text) {
      field.setAttribute('aria-label', name)
      field.value = text
    },
    text: () => field.value,
    replace(text) {
      // The one way a field's own undo learns of it.
      field.focus()
      field.select()
      if (!document.execCommand('insertText', false, text)) field.value = text
    },
    focus: () => field.focus(),
    remove: () => field.remove(),
  }
}

/**
 * @param {string} words
 * @param {() => unknown} onClick
 */
function button(words, onClick) {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = words
  made.addEventListener('click', onClick)
  return made
}

/**
 * @param {string} tag
 * @param {string} [className]
 */
function element(tag, className = '') {
  const made = document.createElement(tag)
  made.className = className
  return made
}
