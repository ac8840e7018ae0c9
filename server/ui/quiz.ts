import { createHash } from 'node:crypto'
import type { AnswerRecord } from '../../course/progress/progress.ts'
import type { Option, Question } from '../../course/types.ts'
import { renderInline } from '../markdown/render-markdown.ts'
import { html, raw, type Html } from './html.ts'
import { icon } from './icon.ts'
import { tokenField, type Site } from './layout.ts'

/**
 * A question in its place in the lesson, with the newest answer if there is one. Works as a plain
 * form, which leads back to the lesson or to `from`.
 */
export function quiz(
  question: Question,
  answer: AnswerRecord | undefined,
  site: Site,
  from?: 'review',
): Html {
  const { id, text } = question
  return html`<form class="quiz" id="quiz-${id}" method="post" action="/questions/${id}/answer"${answer && html` data-answer="${answer.correct ? 'right' : 'wrong'}"`}>
${tokenField(site)}${from && html`<input type="hidden" name="from" value="${from}">`}
<fieldset>
<legend>${raw(renderInline(text))}</legend>
${shuffled(question).map(({ option, index }) => optionView(id, option, index, answer))}
</fieldset>
<button type="submit">Answer</button>
<div class="outcome" role="status">${answer && outcome(question, answer)}</div>
</form>
`
}

/**
 * What is said after an answer: of a right one why it is right, of a wrong one what is wrong with
 * it. The rest is folded away, because it tells which option is right.
 */
export function outcome(
  { options, explanation }: Question,
  { option: chosen, correct }: Pick<AnswerRecord, 'option' | 'correct'>,
): Html {
  const full = html`<p>${raw(renderInline(explanation))}</p>`
  if (correct) return html`<p class="ruling">${icon('passed')} Right.</p>${full}`
  const why = options.find(({ text }) => text === chosen)?.why
  return html`<p class="ruling">${icon('failed')} Not quite. You can answer again.</p>${why !== undefined && html`<p>${raw(renderInline(why))}</p>`}<details><summary>Show the explanation</summary>${full}</details>`
}

function optionView(
  id: string,
  option: Option,
  index: number,
  answer: AnswerRecord | undefined,
): Html {
  const chosen = answer?.option === option.text
  return html`<label class="option${chosen && ' chosen'}"><input type="radio" name="option" value="${index}" required${chosen && ' checked'}> <span>${raw(renderInline(option.text))}</span></label>`
}

/**
 * The options as they are shown, each with its place in the course's file. Authors write the right
 * one first; the order shown is drawn from the texts: the same for everybody, at every visit.
 */
export function shuffled({ id, options }: Question): { option: Option; index: number }[] {
  const rank = (option: Option) =>
    createHash('sha256').update(`${id}\n${option.text}`).digest('hex')
  return options
    .map((option, index) => ({ option, index }))
    .toSorted((a, b) => (rank(a.option) < rank(b.option) ? -1 : 1))
}
