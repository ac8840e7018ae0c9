import { spawn } from 'node:child_process'
import { npmRun } from '../../../course/command-line.ts'
import { PageError } from '../../http/page-error.ts'
import { findEditor } from './find-editor.ts'

/** Opens files and gives the editor's name. Throws PageError with the remedy. */
export type OpenInEditor = (files: readonly string[]) => Promise<string>

/**
 * Opens files, by their absolute paths, in the learner's own editor. No shell is between; the
 * editor outlives this server.
 */
export async function openInEditor(
  files: readonly string[],
  editor = findEditor(),
): Promise<string> {
  if (!editor) {
    throw new PageError(
      409,
      `No graphical editor was found. Name yours when you start the course: VISUAL=code ${npmRun('start')}`,
    )
  }
  const problem = await launch(editor.command, [...editor.args, ...files])
  if (problem === null) return editor.name
  throw new PageError(
    409,
    `${editor.name} ${problem}. Open the file by hand, or name another editor in ROUNDTRIP_EDITOR before ${npmRun('start')}.`,
  )
}

/**
 * Starts a program that outlives this one. Gives what went wrong in its first second, as the end of
 * a sentence; null for nothing.
 */
function launch(command: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(null), longEnoughMs)
    const settle = (problem: string | null) => {
      clearTimeout(timer)
      resolve(problem)
    }
    const fail = (error: unknown) =>
      settle(`could not be started (${(error as NodeJS.ErrnoException).code})`)
    try {
      const child = spawn(command, args, { detached: true, stdio: 'ignore', shell: false })
      // Kept for good: an error that nobody listens to would end the server.
      child.on('error', fail)
      child.once('exit', (code) =>
        settle(
          code === 0 ? null : `ended at once${code === null ? '' : `, with exit code ${code}`}`,
        ),
      )
      child.unref()
    } catch (error) {
      // Some errors of the system are thrown at once, others told later.
      fail(error)
    }
  })
}

/** An editor that lives so long has opened its window, or is about to. */
const longEnoughMs = 1000
