import { html, type Html } from './html.ts'
import { icon } from './icon.ts'

interface Neighbour {
  readonly id: string
  readonly title: string
}

/** The ways to what comes before and after, which `k` and `j` go, too (see frame.js). */
export function neighbours(
  of: 'lesson' | 'exercise',
  { previous, next }: { previous: Neighbour | undefined; next: Neighbour | undefined },
): Html {
  const names = { lesson: 'Lessons', exercise: 'Exercises' }
  return html`<nav class="neighbours" data-of="${of}" aria-label="${names[of]} before and after">
${previous && html`<a rel="prev" aria-keyshortcuts="k" href="/${of}s/${previous.id}">${icon('previous')} <span><small>Previous <kbd aria-hidden="true">k</kbd></small> ${previous.title}</span></a>`}
${next && html`<a rel="next" aria-keyshortcuts="j" href="/${of}s/${next.id}"><span><small>Next <kbd aria-hidden="true">j</kbd></small> ${next.title}</span> ${icon('next')}</a>`}
<p role="status"></p>
</nav>`
}
