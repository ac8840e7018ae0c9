import type {
  CourseProgress,
  ExerciseProgress,
  LessonProgress,
  Next,
  SectionProgress,
} from '../../course/progress/progress.ts'
import type { Course } from '../../course/types.ts'
import { count, html, type Html } from '../ui/html.ts'
import { icon } from '../ui/icon.ts'
import { wayTo } from './way-to.ts'
import { layout, type Site } from '../ui/layout.ts'

export interface CoursePage {
  readonly site: Site
  readonly course: Course
  /** The introduction, rendered. */
  readonly introduction: Html
  readonly progress: CourseProgress
  /** How many questions were answered wrongly and wait to be answered again. */
  readonly toReview: number
}

/**
 * The start page: what the course is, where to go on, and every section with what was done in it.
 */
export function coursePage({ site, course, introduction, progress, toReview }: CoursePage): Html {
  // Who comes back wants to go on, and has read the introduction.
  const begun = isBegun(progress)
  const onwards = html`${continueBox(progress)}
<p class="back-to"><a href="/review">${toReview > 0 ? `Review ${count(toReview, 'question')}` : 'Review'}</a> <a href="/glossary">Glossary</a></p>`
  const titles = new Map(
    course.sections.flatMap(({ lessons }) => lessons.map(({ id, title }) => [id, title] as const)),
  )
  const body = html`<div class="intro">
<h1>${course.title}</h1>
<p class="lede">${course.summary}</p>
${begun && onwards}
<div class="prose">${introduction}</div>
${!begun && onwards}
</div>
${progress.sections.map((section) => sectionView(section, progress, titles))}`
  return layout({ title: course.title, site, kind: 'course', body })
}

/** How much is done, and the way on. */
export function continueBox(progress: CourseProgress): Html {
  const { lessonsDone, lessonsTotal, exercisesPassed, exercisesTotal, next } = progress
  const share = (lessonsDone + exercisesPassed) / Math.max(1, lessonsTotal + exercisesTotal)
  return html`<div class="continue">
${next ? continueLink(next, isBegun(progress)) : html`<p class="finished">${icon('done')} You have read every lesson and passed every exercise.</p>`}
<div class="overall"><svg class="meter" width="100%" height="6" aria-hidden="true"><rect width="100%" height="6" rx="3"/><rect class="part" width="${(share * 100).toFixed(1)}%" height="6" rx="3"/></svg>
<p>${lessonsDone} of ${count(lessonsTotal, 'lesson')} done · ${exercisesPassed} of ${count(exercisesTotal, 'exercise')} passed</p></div>
</div>`
}

function isBegun({ sections }: CourseProgress): boolean {
  return sections
    .flatMap(({ lessons }) => lessons)
    .some(
      ({ state, exercises }) =>
        state !== 'new' || exercises.some((exercise) => exercise.state !== 'none'),
    )
}

function continueLink(next: Next, begun: boolean): Html {
  const { address, doing, title } = wayTo(next)
  return html`<a class="button primary" href="${address}"><span>${begun ? 'Continue' : 'Begin'}<span class="sr-only">. </span><small>${doing}: ${title}</small></span> ${icon('next')}</a>`
}

function sectionView(
  { section, lessons }: SectionProgress,
  progress: CourseProgress,
  titles: ReadonlyMap<string, string>,
): Html {
  return html`<section class="section" id="${section.id}" aria-labelledby="${section.id}-title">
<h2 id="${section.id}-title">${section.title}</h2>
<p class="section-summary">${section.summary}</p>
<ol class="lesson-list">${lessons.map((lesson) => lessonRow(lesson, progress, titles))}</ol>
</section>`
}

const lessonWords = { new: 'not read yet', reading: 'begun', done: 'done' } as const

function lessonRow(
  { lesson, state, questionsRight, exercises }: LessonProgress,
  progress: CourseProgress,
  titles: ReadonlyMap<string, string>,
): Html {
  const open = lesson.needs.filter((id) => titles.has(id) && stateOf(id, progress) !== 'done')
  return html`<li class="lesson-row ${state}">
<div class="lesson-head"><h3>${icon(state)} <a href="/lessons/${lesson.id}">${lesson.title}</a></h3>
<p class="facts">${lesson.minutes} min <span>${lessonWords[state]}</span>${
    lesson.questions.length > 0 &&
    html` <span>${questionsRight} of ${count(lesson.questions.length, 'question')} right</span>`
  }</p></div>
${open.length > 0 && html`<p class="needs">Recommended first: ${open.map((id, index) => html`${index > 0 && ', '}<a href="/lessons/${id}">${titles.get(id)}</a>`)}</p>`}
${exercises.length > 0 && html`<ul class="exercise-list">${exercises.map(exerciseRow)}</ul>`}
</li>`
}

function stateOf(lessonId: string, progress: CourseProgress): LessonProgress['state'] | undefined {
  return progress.sections
    .flatMap(({ lessons }) => lessons)
    .find(({ lesson }) => lesson.id === lessonId)?.state
}

/** An exercise in a list, with what was reached in it. */
export function exerciseRow({ exercise, state, best }: ExerciseProgress): Html {
  const words = {
    none: 'not passed yet',
    tried: `not yet: ${best?.passedChecks ?? 0} of ${best?.totalChecks ?? 0}`,
    unsubmitted: 'passed, not submitted',
    passed: 'passed',
  }
  const icons = { none: 'new', tried: 'failed', unsubmitted: 'reading', passed: 'passed' } as const
  return html`<li class="exercise-row ${state}">${icon(icons[state])} <div><a href="/exercises/${exercise.id}">${exercise.title}</a> <span class="facts">${levels[exercise.level]} · ${exercise.minutes} min <span>${words[state]}</span></span></div></li>`
}

/** What an exercise's level is called. */
export const levels = { 1: 'first steps', 2: 'steady', 3: 'demanding' } as const
