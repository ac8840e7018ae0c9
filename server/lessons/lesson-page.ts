import type { AnswerRecord, LessonProgress } from '../../course/progress/progress.ts'
import type { Lesson, Section } from '../../course/types.ts'
import type { RenderedMarkdown } from '../markdown/render-markdown.ts'
import { setQuotes } from '../markdown/typography.ts'
import { exerciseRow } from './course-page.ts'
import { html, raw, type Html } from '../ui/html.ts'
import { icon } from '../ui/icon.ts'
import { layout, tokenField, type Site } from '../ui/layout.ts'
import { neighbours } from '../ui/neighbours.ts'
import { quiz } from '../ui/quiz.ts'

export interface LessonPage {
  readonly site: Site
  readonly section: Section
  readonly content: RenderedMarkdown
  readonly progress: LessonProgress
  readonly answers: readonly AnswerRecord[]
  /** Lessons recommended first that are not done. */
  readonly needs: readonly Lesson[]
  readonly previous: Lesson | undefined
  readonly next: Lesson | undefined
}

/**
 * A lesson to read: table of contents, prose with its questions in place, the exercises, the way
 * on.
 */
export function lessonPage(page: LessonPage): Html {
  const { site, section, content, progress, needs } = page
  const { lesson } = progress
  const body = html`<article class="lesson-text" data-lesson="${lesson.id}" data-fraction="${progress.fraction}">
<header class="lesson-header">
<p class="eyebrow"><a href="${site.courseAddress}#${section.id}">${section.title}</a></p>
<h1>${lesson.title}</h1>
<p class="facts">${lesson.minutes} minutes${progress.state === 'done' && html` <span>${icon('done')} done</span>`}</p>
${needs.length > 0 && html`<p class="needs">Recommended first: ${needs.map(({ id, title }, index) => html`${index > 0 && ', '}<a href="/lessons/${id}">${title}</a>`)}</p>`}
${lesson.objectives.length > 0 && html`<div class="objectives"><h2>You will be able to</h2><ul>${lesson.objectives.map((objective) => html`<li>${setQuotes(objective)}</li>`)}</ul></div>`}
</header>
${contents(content)}
<div class="prose">
${content.parts.map((part) => ('html' in part ? raw(part.html) : questionAt(part.question, page)))}
</div>
<footer class="lesson-footer">
${finish(page)}
${progress.exercises.length > 0 && html`<section aria-labelledby="lesson-exercises"><h2 id="lesson-exercises">Exercises</h2><ul class="exercise-list cards">${progress.exercises.map(exerciseRow)}</ul></section>`}
${neighbours('lesson', page)}
</footer>
</article>`
  return layout({
    title: lesson.title,
    site,
    kind: 'lesson',
    script: 'lesson.js',
    ...(content.pictures && { styles: ['pictures.css'] }),
    body,
  })
}

function contents({ headings }: RenderedMarkdown): Html | undefined {
  const shown = headings.filter(({ level }) => level === 2 || level === 3)
  if (shown.length < 2) return undefined
  return html`<details class="toc"><summary>On this page</summary><nav aria-label="On this page"><ol>${shown.map(
    ({ id, level, text }) =>
      html`<li class="level-${level}"><a href="#${id}">${setQuotes(text)}</a></li>`,
  )}</ol></nav></details>`
}

function questionAt(id: string, { progress, answers, site }: LessonPage): Html | undefined {
  const question = progress.lesson.questions.find((each) => each.id === id)
  return (
    question &&
    quiz(
      question,
      answers.find((answer) => answer.questionId === id),
      site,
    )
  )
}

function finish({ progress, site }: LessonPage): Html {
  const { lesson, fraction, questionsRight } = progress
  const open = lesson.questions.length - questionsRight
  const questions =
    open > 0 &&
    html`<p>${open === 1 ? 'One question is' : `${open} questions are`} still open above.</p>`
  if (fraction >= 1)
    return html`<div class="finish" id="lesson-end"><p>${icon('done')} You have read this lesson.</p>${questions}</div>`
  return html`<form class="finish" id="lesson-end" method="post" action="/lessons/${lesson.id}/read">${tokenField(site)}
<button type="submit">Mark as read</button>${questions}</form>`
}
