import type { Editor } from './hours.ts'
import type { Step } from './steps.ts'

/** What became of the text that was saved first, when the other page came with an older one. */
export type Fate = 'overwritten' | 'stays'

/**
 * Decided by the first save from a page that did not know the newest version; undefined until there
 * is one.
 */
export function fateOf(steps: readonly Step[]): Fate | undefined {
  const late = steps.find((step) => step.does === 'saves' && isLate(step))
  if (!late) return undefined
  return late.stored ? 'overwritten' : 'stays'
}

/** What the last step meant, in sentences. */
export function accountOf(steps: readonly Step[]): string {
  const last = steps.at(-1)
  if (!last) return 'Nothing came to the shop, because your browser let no request out.'
  if (last.does === 'reads') return `Both pages show version ${last.newest}.`
  if (!last.stored) return refused(last)
  if (isLate(last)) return overwritten(last)
  if (last.named === undefined) return unasked(last, steps)
  return wasRefused(last, steps) ? afterRefusal(last) : inTime(last, steps)
}

/** Whether somebody else had saved since this page read. */
export function isLate({ knew, newest }: Step): boolean {
  return knew < newest
}

function refused({ editor, knew, newest, newestBy }: Step): string {
  return `${editor}'s save named version ${knew}, but version ${newest} was there by then. So the shop stored nothing, and answered 412 with ${newestBy}'s text and its tag. ${editor}'s own text is still on ${HIS[editor]} page: add what is missing, and save again.`
}

function overwritten({ editor, knew, newest, newestBy }: Step): string {
  return `${editor}'s page knew version ${knew}, but version ${newest} was there by then. The save named no version, so the shop stored it. It overwrote ${newestBy}'s text, which ${editor} had never seen, and both pages were told 200.`
}

function unasked(step: Step, steps: readonly Step[]): string {
  const { editor, newest } = step
  return `${editor}'s page knew version ${newest}, which was still the newest. So ${HIS[editor]} text is version ${newest + 1} now, and nothing was overwritten that ${editor} hadn't seen.${goOn(step, steps)}`
}

function inTime(step: Step, steps: readonly Step[]): string {
  const { editor, newest } = step
  return `${editor}'s save named version ${newest}, which was still the newest. So the shop stored ${HIS[editor]} text as version ${newest + 1}.${goOn(step, steps)}`
}

function afterRefusal({ editor, newest, newestBy }: Step): string {
  return `By now ${editor} had seen version ${newest}, and the save named it. So the shop stored it as version ${newest + 1}. It merges nothing, so it was up to ${editor} to keep what ${newestBy} had changed.`
}

function wasRefused(last: Step, steps: readonly Step[]): boolean {
  const before = steps.findLast(
    ({ editor }, index) => editor === last.editor && steps[index] !== last,
  )
  return before?.does === 'saves' && !before.stored
}

function goOn({ editor }: Step, steps: readonly Step[]): string {
  const isFirst = steps.filter(({ does }) => does === 'saves').length === 1
  return isFirst ? ` Now let ${editor === 'Ada' ? 'Ben' : 'Ada'} save.` : ''
}

const HIS: Readonly<Record<Editor, string>> = { Ada: 'her', Ben: 'his' }
