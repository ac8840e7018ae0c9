import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { npmRun } from '../../course/command-line.ts'
import { PageError } from '../page-error.ts'
import { findEditor } from './find-editor.ts'

/** Opens files and gives the editor's name. Throws PageError with the remedy. */
export type OpenInEditor = (files: readonly string[]) => Promise<string>

/** Opens files, by their absolute paths, in the learner's own editor. No shell is between; the editor outlives this server. */
export async function openInEditor(files: readonly string[], editor = findEditor()): Promise<string> {
  if (!editor) {
    const start = process.platform === 'win32' ? `set VISUAL=code&& ${npmRun('start')}` : `VISUAL=code ${npmRun('start')}`
    throw new PageError(409, `No editor with a window of its own was found. Name yours when you start the course: ${start}`)
  }
  const child = spawn(editor.command, [...editor.args, ...files], { detached: true, stdio: 'ignore', shell: false })
  const problem = await Promise.race([
    once(child, 'exit').then(([code]) => (code === 0 ? null : `ended at once${code === null ? '' : `, with exit code ${code}`}`)),
    new Promise<string>((resolve) => child.once('error', (error: NodeJS.ErrnoException) => resolve(`could not be started (${error.code})`))),
    new Promise<null>((resolve) => setTimeout(resolve, longEnoughMs, null)),
  ])
  child.unref()
  if (problem === null) return editor.name
  throw new PageError(409, `${editor.name} ${problem}. Open the file by hand, or name another editor in ROUNDTRIP_EDITOR before ${npmRun('start')}.`)
}

/** An editor that lives so long has opened its window, or is about to. */
const longEnoughMs = 1000
