import { html, moment, type Html } from '../../../server/for-class.ts'
import type { JudgementSummary, SubmissionFacts } from '../../people/judgements-of.ts'

export interface SubmissionHead {
  readonly id: string
  readonly facts: SubmissionFacts
  /** The judgement that the page shows. */
  readonly shown: JudgementSummary | undefined
}

/** Before a learner's page that a teacher reads: whose it is, and what else it was judged. */
export function submissionHead({ id, facts, shown }: SubmissionHead): Html {
  const { learnerId, name, purpose, isLate, judgements } = facts
  return html`<div class="notice of-learner"><p>${purpose === 'submit' ? 'Submitted' : 'A run'} by <a href="/class/people/${learnerId}"><bdi>${name}</bdi></a>${isLate && html` <span class="late">late</span>`}. What follows is what the learner reads.</p>
${
  (judgements.length > 1 || shown?.current === false) &&
  html`<p id="judged-title">Every judgement that is kept:</p><ul aria-labelledby="judged-title">${judgements.map((each) => html`<li>${line(each, shown, id)}</li>`)}</ul>`
}</div>`
}

function line(each: JudgementSummary, shown: JudgementSummary | undefined, id: string): Html {
  const { verdict, passedChecks, totalChecks, judgedAt, current } = each
  const words =
    verdict === 'errored'
      ? 'could not be judged'
      : `${verdict === 'passed' ? 'passed, ' : ''}${passedChecks} of ${totalChecks}`
  const address = current
    ? `/class/submissions/${id}`
    : `/class/submissions/${id}/judgements/${each.id}`
  const time = moment(judgedAt)
  return html`${each.id === shown?.id ? time : html`<a href="${address}">${time}</a>`}: ${words}${current ? ' (counts)' : ''}${each.id === shown?.id ? ', shown here' : ''}`
}

/** Why there is nothing of a submission to show. */
export function notJudgedWords({ state, trouble }: SubmissionFacts): string {
  switch (state) {
    case 'waiting':
      return 'This one is in line and was not graded yet.'
    case 'grading':
      return 'This one is being graded.'
    case 'superseded':
      return 'The learner stopped this one or sent a newer one before it was graded.'
    default:
      return `This one could not be judged, and it counts as no attempt.${trouble ? ` The worker says: ${trouble}` : ''}`
  }
}
