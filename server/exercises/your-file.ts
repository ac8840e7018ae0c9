import type { StubChange } from '../../course/work/merge-stub.ts'
import type { Exercise } from '../../course/types.ts'
import { asset } from '../http/assets.ts'
import { count, html, type Html } from '../ui/html.ts'
import { tokenField, type Site } from '../ui/layout.ts'
import { codeFigure, type Side } from '../ui/side.ts'

export interface YourFile {
  readonly site: Site
  readonly exercise: Exercise
  /** The learner's file to start with, as a person reads its path. */
  readonly file: string
  /** Whether the page is read on the machine that the files are on. */
  readonly isHere: boolean
  /** Why the files could not be made from the stub. */
  readonly fileError: string | undefined
  /** Files that the grader adds to the learner's, to be read. */
  readonly given: readonly Side[]
  /** Something that was done by the request before this page: files were reset. */
  readonly notice: string | undefined
  /** What has changed in the stub since the learner began. */
  readonly change: StubChange | null
}

/**
 * The learner's file: its path, the editor's place, the way into their own editor, and the files
 * that are given.
 */
export function yourFile(page: YourFile): Html {
  const { exercise, file, isHere, fileError, notice, change, site } = page
  return html`<section class="your-file" aria-labelledby="file-title">
${notice !== undefined && html`<p class="notice" role="status">${notice}</p>`}
${change && stubHasChanged(exercise, change, site)}
${
  fileError === undefined
    ? html`<div class="file-head"><h2 id="file-title">Your file</h2><p class="path"><code id="path">${file}</code></p></div>
<div id="edit" data-exercise="${exercise.id}" data-files="${JSON.stringify(exercise.files)}" data-editor="${asset('editor.js')}"></div>
${isHere && html`<form class="open" method="post" action="/exercises/${exercise.id}/open" data-action="open">${tokenField(site)}<button type="submit">Open in my editor</button> <span class="because">Only you change this file, or “Start again” below.</span> <span id="opened" class="facts" role="status"></span></form>`}`
    : html`<h2 id="file-title">Your file</h2><p class="error">${fileError}</p>`
}
${page.given.map(given)}
</section>`
}

function given(side: Side): Html {
  return html`<details class="whole given"><summary>Also given: <code>${side.title}</code></summary>${codeFigure(side)}</details>`
}

function stubHasChanged({ id }: Exercise, { files }: StubChange, site: Site): Html {
  const conflicts = files.reduce((sum, file) => sum + file.conflicts, 0)
  const outcome =
    conflicts === 0
      ? 'It fits beside what you wrote.'
      : `In ${count(conflicts, 'place')} it changed lines that you changed, too: both will stay there, marked, for you to choose.`
  return html`<div class="notice stub-change"><p>The stub has changed since you began (${files.map(({ path }) => path).join(', ')}). ${outcome} Your files are copied first.</p>
<form method="post" action="/exercises/${id}/merge">${tokenField(site)}<button type="submit">Merge it into my files</button> <button type="submit" name="keep" value="mine">Keep mine as they are</button></form></div>`
}
