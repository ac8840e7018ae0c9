import type { Exchange, Message } from '../../../grader/types/index.ts'
import { isEditor, type Editor } from './hours.ts'

/** What one of the two did, read off the recording. */
export interface Step {
  readonly editor: Editor
  readonly does: 'reads' | 'saves'
  /** The version that this page knew before. Every page begins with reading the first one. */
  readonly knew: number
  /** The newest version there was before. */
  readonly newest: number
  /** Who saved that one; undefined for the first one. */
  readonly newestBy: Editor | undefined
  /** If-Match as it was sent. */
  readonly named: string | undefined
  /** Whether a save was stored. */
  readonly stored: boolean
  /** What was read, or what was to be saved. */
  readonly text: string
  readonly exchange: Exchange
}

/** What the two did, in order. Requests that nobody answered, or that were refused, are left out. */
export function stepsOf(exchanges: readonly Exchange[]): Step[] {
  const steps: Step[] = []
  const known = new Map<Editor, number>()
  let newest = 1
  let newestBy: Editor | undefined
  for (const exchange of exchanges) {
    const { request, response } = exchange
    const editor = field(request, 'editor')
    if (!isEditor(editor) || (response?.status !== 200 && response?.status !== 412)) continue
    const does = request.method === 'PUT' ? 'saves' : 'reads'
    const stored = does === 'saves' && response.status === 200
    steps.push({
      editor,
      does,
      knew: known.get(editor) ?? 1,
      newest,
      newestBy,
      named: field(request, 'if-match'),
      stored,
      text: Buffer.from((does === 'saves' ? request : response).body).toString(),
      exchange,
    })
    if (stored) {
      newest++
      newestBy = editor
    }
    // Whatever was answered, the page has been sent the newest version, or has made it.
    known.set(editor, newest)
  }
  return steps
}

function field({ headers }: Message, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
}
