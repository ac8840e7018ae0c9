// The learner's files as they are on disk, read and written by way of the course server. Each save
// says which version it replaces.

import { post } from '../page.js'

/**
 * @typedef {object} OpenFile
 * @property {string} name
 * @property {string} version of what is on disk, as far as this page knows
 * @property {string} saved the text of that version
 * @property {string} text as it stands here
 * @property {'\n' | '\r\n'} ending of its lines
 */

/**
 * The ways to the files of an exercise. Each rejects with words for the reader. @param {string}
 * exercise its id
 */
export function filesOnDisk(exercise) {
  const address = (/** @type {string} */ name) =>
    `/api/exercises/${exercise}/files/${encodeURIComponent(name)}`
  return {
    /** @param {string} name */
    async open(name) {
      const { text, version } = await read(address(name))
      return fileFrom(name, text, version)
    },

    /**
     * What is on disk now. Its text is empty when its version is the one that is known. @param
     * {OpenFile} file
     */
    read: (file) => read(address(file.name), file.version),

    /**
     * Writes what stands here; the error's `status` is 412 when that is not the version on disk any
     * more. Gives where another version was kept.
     * @param {OpenFile} file
     * @param {{ keepOther: boolean }} options
     * @returns {Promise<string | null>}
     */
    async write(file, { keepOther }) {
      const { text } = file
      const body = { text: file.ending === '\n' ? text : text.replaceAll('\n', '\r\n'), keepOther }
      const { version, copy } = await post(address(file.name), body, {
        method: 'PUT',
        headers: { 'If-Match': `"${file.version}"` },
      })
      Object.assign(file, { version, saved: text })
      return copy
    },

    /**
     * What is wrong with a text that is typed. @param {string} name @param {string} text
     */
    async problems(name, text) {
      return (await post(`${address(name)}/problems`, { text })).problems
    },

    /**
     * What may follow at a place of it. @param {string} name @param {string} text
     * @param {{ line: number, character: number }} at
     */
    async completions(name, text, at) {
      return (await post(`${address(name)}/completions`, { text, at })).options
    },

    /**
     * Both versions, the one here and the one on disk, side by side.
     * @param {OpenFile} file
     * @returns {Promise<{ html: string, text: string, version: string }>}
     */
    compare: (file) => post(`${address(file.name)}/compare`, { text: file.text }),
  }
}

/**
 * @param {string} name
 * @param {string} text
 * @param {string} version
 * @returns {OpenFile}
 */
export function fileFrom(name, text, version) {
  // An editor knows one line ending; the file keeps its own.
  const ending = text.includes('\r\n') ? '\r\n' : '\n'
  const plain = text.replaceAll('\r\n', '\n')
  return { name, version, saved: plain, text: plain, ending }
}

/**
 * @param {string} address
 * @param {string} [version]
 */
async function read(address, version) {
  const data = await readIfChanged(address, version).catch((error) => {
    throw error instanceof TypeError
      ? new Error('The course server does not answer. Start it again with: npm start')
      : error
  })
  return data ?? { text: '', version: version ?? '' }
}

/**
 * @param {string} address
 * @param {string} [version] that is known: gives nothing new when it still is the one
 * @returns {Promise<{ text: string, version: string } | undefined>}
 */
async function readIfChanged(address, version) {
  const answer = await fetch(address, {
    cache: 'no-store',
    headers: {
      Accept: 'application/json',
      ...(version !== undefined && { 'If-None-Match': `"${version}"` }),
    },
  })
  if (answer.status === 304) return undefined
  const data = await answer.json()
  if (!answer.ok) throw new Error(data.error)
  return data
}
