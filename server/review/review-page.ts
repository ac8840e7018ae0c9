import type { AnswerRecord } from '../../course/progress/progress.ts'
import type { Lesson, Question } from '../../course/types.ts'
import { count, html, type Html } from '../ui/html.ts'
import { icon } from '../ui/icon.ts'
import { layout, type Site } from '../ui/layout.ts'
import { quiz } from '../ui/quiz.ts'

export interface ReviewPage {
  readonly site: Site
  /** Answered wrongly, and not rightly since. */
  readonly open: readonly Missed[]
  /** Answered wrongly once, and rightly since. */
  readonly corrected: readonly Missed[]
  /** The answer just given, on a page without a script: the one that is shown. */
  readonly answered: AnswerRecord | undefined
}

export interface Missed {
  readonly question: Question
  readonly lesson: Lesson
}

/** The questions that were missed, asked again without the answer given then. */
export function reviewPage({ site, open, corrected, answered }: ReviewPage): Html {
  const asked = (all: readonly Missed[]) => all.map((missed) => again(missed, answered, site))
  const body = html`<div class="intro missed"><h1>Review</h1>
${open.length > 0 ? html`<p class="lede">${count(open.length, 'question')} to answer again. The lesson is one link away.</p>${asked(open)}` : html`<p class="lede">${icon('done')} Nothing to review. The ones you miss in a lesson come back here.</p>`}
${corrected.length > 0 && html`<details${corrected.some(({ question }) => question.id === answered?.questionId) && ' open'}><summary>${count(corrected.length, 'question')} you missed once and answered rightly since</summary>${asked(corrected)}</details>`}
</div>`
  return layout({ title: 'Review', site, kind: 'review', script: 'lesson.js', body })
}

function again({ question, lesson }: Missed, answered: AnswerRecord | undefined, site: Site): Html {
  const answer = answered?.questionId === question.id ? answered : undefined
  return html`<section><p class="eyebrow"><a href="/lessons/${lesson.id}#quiz-${question.id}">${lesson.title}</a></p>${quiz(question, answer, site, 'review')}</section>`
}
