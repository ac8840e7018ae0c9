import type { Report } from '../../grader/types/index.ts'
import { checkView, seconds } from './check.ts'
import { html, type Html } from '../ui/html.ts'
import { icon } from '../ui/icon.ts'
import { visible } from '../ui/visible.ts'

/**
 * A finished grading: the verdict, what is to be read right `after` it, the checks in order, what
 * else is worth knowing.
 */
export function reportView(report: Report, after?: Html): Html {
  const { checks, notes, error, run } = report
  const titleOf = (id: string) => checks.find((check) => check.id === id)?.title ?? id
  return html`${verdictLine(report)}
${error !== undefined && html`<p class="because">${visible(error)}</p>`}
${after}
<ol class="checks">${checks.map((check, index) => checkView(check, { run, titleOf, before: checks.slice(0, index) }))}</ol>
${notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${visible(note)}</li>`)}</ul>`}`
}

/** The verdict in words, as a heading-like line: "Not yet: 1 of 7". */
export function verdictLine(report: Report): Html {
  const { verdict, durationMs, program } = report
  return html`<p class="verdict ${verdict}">${icon(verdict)} <strong>${verdictWords(report)}</strong> <span class="facts">${seconds(durationMs)} <span>${visible(program)}</span></span></p>`
}

/** "Passed: 7 of 7", "Not yet: 1 of 7", "Could not be checked". */
export function verdictWords({ verdict, checks }: Pick<Report, 'verdict' | 'checks'>): string {
  const passed = checks.filter(({ outcome }) => outcome === 'passed').length
  if (verdict === 'errored') return 'Could not be checked'
  return `${verdict === 'passed' ? 'Passed' : 'Not yet'}: ${passed} of ${checks.length}`
}
