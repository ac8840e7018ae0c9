// Editing the learner's own files in the page. The file on disk stays the one that counts: a change
// made elsewhere is shown, never overwritten in silence.

import { editNotice } from './edit-notice.js'
import { editorBar } from './editor-bar.js'
import { fileFrom, filesOnDisk } from './files-on-disk.js'
import { element } from '../page.js'
import { fetchSurface } from './typing-surface.js'
import { wayOut } from './way-out.js'

/**
 * @typedef {import('./files-on-disk.js').OpenFile} OpenFile
 *
 * @typedef {{ inPlainText: boolean, focus: boolean, onClose: () => void }} SessionOptions `focus`:
 *   the learner asked for it and goes on in it
 */

const LOOK_EVERY_MS = 2000

/**
 * Opens the files that `place` names, the first of them shown.
 * @param {HTMLElement} place
 * @param {SessionOptions} options
 */
export function beginEditing(place, options) {
  const session = new Session(place, options)
  void session.begin()
  return session
}

class Session {
  /** @type {Map<string, OpenFile>} */
  #files = new Map()
  /** @type {OpenFile | undefined} */
  #shown
  /** @type {import('./typing-surface.js').Surface | undefined} */
  #surface
  /** The versions on disk whose conflict is being shown. @type {string | undefined} */
  #conflict
  #saving = Promise.resolve()
  /**
   * Whether the learner opened this or typed here: only then is a change made elsewhere worth a word.
   */
  #isUsed
  #ended = new AbortController()
  /** The file that was chosen last, while it is being read. */
  #wanted = ''
  #isLooking = false
  #isSaving = false

  /**
   * @param {HTMLElement} place
   * @param {SessionOptions} options
   */
  constructor(place, { inPlainText, focus, onClose }) {
    this.takesFocus = focus
    this.#isUsed = focus
    this.editor = inPlainText ? undefined : (place.dataset.editor ?? '')
    this.onClose = onClose
    this.names = /** @type {string[]} */ (JSON.parse(place.dataset.files ?? '[]'))
    this.disk = filesOnDisk(place.dataset.exercise ?? '')
    this.bar = editorBar(this.names, {
      onShow: (name) => this.#try(() => this.#show(name)),
      onSave: () => this.#try(() => this.saveAll()),
      onClose: () => this.close(),
    })
    this.notice = editNotice()
    this.surfacePlace = element('div', 'editor-surface waiting')
    this.surfacePlace.addEventListener('keydown', (event) => {
      // The page's shortcuts leave what is typed here alone, but for those with Ctrl or Cmd.
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation()
    })
    place.replaceChildren(this.bar.place, this.notice.place, this.surfacePlace, wayOut(inPlainText))
  }

  async begin() {
    const { signal } = this.#ended
    await this.#try(async () => {
      // Together, and nothing to type into before there is the text: it would be lost.
      const [makeSurface, first] = await Promise.all([
        fetchSurface(this.editor),
        this.disk.open(this.names[0] ?? ''),
      ])
      if (signal.aborted) return
      this.#files.set(first.name, first)
      this.#surface = makeSurface({
        parent: this.surfacePlace,
        onChange: () => this.#changed(),
        onSave: () => void this.#try(() => this.saveAll()),
        problems: this.disk.problems,
        completions: this.disk.completions,
      })
      await this.#show(first.name)
      if (this.takesFocus) this.#surface.focus()
    })
    this.surfacePlace.classList.remove('waiting')
    if (signal.aborted) return
    window.addEventListener('beforeunload', (event) => this.#isDirty() && event.preventDefault(), {
      signal,
    })
    const look = () => document.visibilityState === 'visible' && void this.#look()
    window.addEventListener('focus', look, { signal })
    document.addEventListener('visibilitychange', look, { signal })
    const timer = setInterval(look, LOOK_EVERY_MS)
    signal.addEventListener('abort', () => clearInterval(timer))
  }

  /**
   * Saves every file that was changed here, one after another. Rejects, with words for the reader,
   * when one cannot be.
   */
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
    const isLost =
      this.#isDirty() && !confirm('What you changed here is not saved. Close all the same?')
    if (isLost) return
    this.#ended.abort()
    this.#surface?.remove()
    this.onClose()
  }

  /** @param {string} name */
  async #show(name) {
    this.#wanted = name
    const file = this.#files.get(name) ?? (await this.disk.open(name))
    if (this.#wanted !== name) return
    this.#take()
    this.#files.set(name, file)
    this.#shown = file
    this.#surface?.show(name, file.text)
    this.#drawTabs()
    this.#drawState()
  }

  /** @param {OpenFile} file */
  async #save(file, { keepOther = false } = {}) {
    this.bar.say('Saving …')
    this.#isSaving = true
    try {
      const copy = await this.disk.write(file, { keepOther })
      this.#settle(
        copy === null ? '' : `Yours is in the file now. The other version is kept in ${copy}`,
      )
    } catch (error) {
      this.#drawState()
      if (/** @type {any} */ (error).status !== 412) throw error
      await this.#offerBoth(file)
      throw new Error(
        `${file.name} was changed outside this page. Choose which version to keep, then go on.`,
        { cause: error },
      )
    } finally {
      this.#isSaving = false
    }
  }

  /**
   * Whether the files are still what this page believes; asked again and again, because nobody
   * tells.
   */
  async #look() {
    // On a slow line an answer takes longer than the pause between two looks.
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      this.#take()
      for (const file of this.#files.values()) {
        const known = file.version
        const answer = await this.disk.read(file).catch(() => undefined)
        if (this.#ended.signal.aborted) return
        if (!answer || answer.version === known) continue
        // A save of this page wrote it meanwhile. Nobody changed it elsewhere.
        if (this.#isSaving || file.version !== known) continue
        this.#take()
        if (file.text === file.saved)
          this.#adopt(
            file,
            answer,
            this.#isUsed
              ? `${file.name} was changed outside this page. This is the newer version.`
              : '',
          )
        else if (answer.version !== this.#conflict) await this.#try(() => this.#offerBoth(file))
      }
    } finally {
      this.#isLooking = false
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

  /** @param {OpenFile} file */
  async #offerBoth(file) {
    if (file !== this.#shown) await this.#show(file.name)
    const { html, text, version } = await this.disk.compare(file)
    this.#conflict = version
    const keepMine = async () => {
      this.#take()
      file.version = version
      await this.#save(file, { keepOther: true })
    }
    this.notice.offerBoth(file.name, html, {
      keepMine: () => this.#try(() => this.#inTurn(keepMine)),
      takeTheirs: () =>
        this.#adopt(
          file,
          { text, version },
          'This is the version in the file. Undo brings yours back.',
        ),
    })
    this.#drawState()
  }

  /** Nothing is open any more: a conflict is over, a save is done. @param {string} words */
  #settle(words) {
    this.#conflict = undefined
    this.notice.say(words)
    this.#changed()
  }

  /** What is typed, into the file it belongs to. */
  #take() {
    if (this.#shown && this.#surface) this.#shown.text = this.#surface.text()
  }

  #isDirty() {
    this.#take()
    return [...this.#files.values()].some(isChanged)
  }

  #changed() {
    this.#isUsed ||= this.#isDirty()
    this.#drawState()
    this.#drawTabs()
  }

  #drawState() {
    this.bar.say(
      this.#conflict !== undefined
        ? 'Not saved: changed outside'
        : this.#isDirty()
          ? 'Not saved yet'
          : 'Saved',
    )
  }

  #drawTabs() {
    this.bar.drawTabs(this.#shown?.name, (name) => isChanged(this.#files.get(name)))
  }

  /**
   * One save after another: each names the version that the one before it made. @param {() =>
   * Promise<void>} work
   */
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
      this.notice.complain(/** @type {Error} */ (error).message)
    }
  }
}

/** @param {OpenFile | undefined} file */
function isChanged(file) {
  return file !== undefined && file.text !== file.saved
}
