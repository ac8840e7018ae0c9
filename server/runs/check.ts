import { isToldBefore, SAME_CRASH } from '../../grader/report/index.ts'
import { exhibitIds } from '../../grader/report/svg/index.ts'
import type { CheckResult, Finding } from '../../grader/types/index.ts'
import { exhibitView } from './exhibit.ts'
import { count, html, type Html } from '../ui/html.ts'
import { icon } from '../ui/icon.ts'
import { visible } from '../ui/visible.ts'

/** What a check's view has to know of the run it belongs to. */
export interface CheckContext {
  /** Id of the run, for links to its exchanges. */
  readonly run: string
  /** Names another check. */
  titleOf(id: string): string
  /** The results of the checks that are before this one in the list. */
  readonly before: readonly CheckResult[]
}

/** A check nobody has judged yet. */
export function pendingCheck({ id, title }: { readonly id: string; readonly title: string }): Html {
  return html`<li class="check pending" id="check-${id}"><h3 class="check-title">${icon('waiting')} <span>${title}<span class="sr-only"> (not judged yet)</span></span></h3></li>`
}

/**
 * A judged check: what was expected and received, the bytes, why, how to see it again and where to
 * read on. What holds is folded away.
 */
export function checkView(result: CheckResult, context: CheckContext): Html {
  return html`<li class="check ${result.outcome}" id="check-${result.id}">
${content(result, context)}
</li>`
}

function titleLine({ title, outcome, atMs }: CheckResult): Html {
  return html`<h3 class="check-title">${icon(outcome)} <span><span class="sr-only">${outcomeWords[outcome]}: </span>${title}</span>${outcome !== 'skipped' && html` <span class="at">${seconds(atMs)}</span>`}</h3>`
}

/** How a check ended, as one says it. */
export const outcomeWords = {
  passed: 'Passed',
  failed: 'Failed',
  skipped: 'Not tried',
  errored: 'Could not be judged',
} as const

/** "0.14 s": two digits below ten seconds, one above. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
}

function content(result: CheckResult, context: CheckContext): Html {
  const title = titleLine(result)
  switch (result.outcome) {
    case 'passed':
      return html`${result.findings.length > 0 ? html`<details class="held"><summary>${title}</summary>${findingViews(result.findings, result, context)}</details>` : title}
${pictures(result, context)}`
    case 'failed':
      return isToldBefore(result, context.before)
        ? html`${title}<p class="because">${SAME_CRASH}</p>`
        : html`${title}${failure(result, context)}`
    case 'skipped':
      return html`${title}${reason(result, context)}`
    case 'errored':
      return html`${title}<p class="because">This isn’t your fault. ${visible(result.error ?? 'The check could not be carried out.')}</p>`
  }
}

/** Several checks in a row that need the same one say so once. */
function reason({ needs }: CheckResult, { before, titleOf }: CheckContext): Html | undefined {
  const last = before.at(-1)
  if (needs === undefined || (last?.outcome === 'skipped' && last.needs === needs)) return undefined
  return html`<p class="because">Not tried, because it needs “${titleOf(needs)}”.</p>`
}

function failure(result: CheckResult, context: CheckContext): Html {
  const { findings, diagnosis, reproduce, reread, spec } = result
  return html`<div class="check-body">
${findingViews(
  findings.filter(({ holds }) => !holds),
  result,
  context,
)}
${pictures(result, context)}
<dl class="advice">
${diagnosis && html`<dt>Why</dt><dd>${visible(diagnosis.say)}</dd>`}
${reproduce.length > 0 && html`<dt>See it</dt><dd><pre class="command" tabindex="0"><code>${reproduce.map((command) => html`${visible(command)}\n`)}</code></pre></dd>`}
${reread && html`<dt>Reread</dt><dd><a href="/lessons/${reread.lesson}#${reread.anchor}">${reread.lessonTitle} › ${reread.heading}</a></dd>`}
${spec !== undefined && html`<dt>Source</dt><dd>${spec}</dd>`}
</dl>
${held(
  findings.filter(({ holds }) => holds),
  result,
  context,
)}
</div>`
}

function pictures(result: CheckResult, { run }: CheckContext): Html[] {
  const ids = exhibitIds(result)
  return result.exhibits.map((exhibit) => exhibitView(exhibit, run, ids.get(exhibit)))
}

function held(
  findings: readonly Finding[],
  result: CheckResult,
  context: CheckContext,
): Html | undefined {
  if (findings.length === 0) return undefined
  return html`<details class="held"><summary>What held: ${count(findings.length, 'claim')}</summary>${findingViews(findings, result, context)}</details>`
}

function findingViews(
  findings: readonly Finding[],
  result: CheckResult,
  { run }: CheckContext,
): Html[] {
  const ids = exhibitIds(result)
  return findings.map(
    ({
      claim,
      expected,
      received,
      holds,
      exhibit,
    }) => html`<div class="finding ${holds ? 'holds' : 'broken'}">
<p class="claim">${visible(claim)}</p>
<dl class="compare"><dt>expected</dt><dd><code>${visible(expected)}</code></dd><dt>received</dt><dd><code>${visible(received)}</code></dd></dl>
${exhibit && exhibitView(exhibit, run, ids.get(exhibit))}
</div>`,
  )
}
