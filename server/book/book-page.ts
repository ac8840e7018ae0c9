import type { Term } from '../../course/lessons/glossary.ts'
import type { Course, Exercise, Lesson, Question, Section } from '../../course/types.ts'
import { renderInline } from '../markdown/render-markdown.ts'
import { setQuotes } from '../markdown/typography.ts'
import { levels } from '../lessons/course-page.ts'
import { glossaryList } from '../lessons/glossary-page.ts'
import { html, raw, type Html } from '../ui/html.ts'
import { shuffled } from '../ui/quiz.ts'

export interface BookPage {
  readonly course: Course
  readonly introduction: Html
  readonly sections: readonly {
    readonly section: Section
    readonly lessons: readonly BookLesson[]
  }[]
  readonly terms: readonly Term[]
  /** The sheets that are written into the file. */
  readonly styles: string
}

export interface BookLesson {
  readonly lesson: Lesson
  /** The prose and, in their places, the questions. */
  readonly parts: readonly (Html | Question)[]
  readonly tasks: readonly { readonly exercise: Exercise; readonly task: Html }[]
}

/**
 * A whole course as one document that loads nothing: lessons, questions with their answers at the
 * lesson's end, tasks, terms.
 */
export function bookPage({ course, introduction, sections, terms, styles }: BookPage): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${course.title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>
${raw(styles)}
</style>
</head>
<body class="book">
<main>
<header class="title-page"><h1>${course.title}</h1><p class="lede">${course.summary}</p></header>
<div class="prose">${introduction}</div>
<nav class="book-contents" aria-labelledby="contents"><h2 id="contents">Contents</h2>
${sections.map(({ section, lessons }) => html`<h3>${section.title}</h3><ol>${lessons.map(({ lesson }) => html`<li><a href="#${lesson.id}">${lesson.title}</a></li>`)}</ol>`)}
${terms.length > 0 && html`<p><a href="#glossary">Glossary</a></p>`}
</nav>
${sections.map(({ section, lessons }) => html`<section class="book-part"><h2>${section.title}</h2><p class="lede">${section.summary}</p>${lessons.map(lessonView)}</section>`)}
${terms.length > 0 && html`<section id="glossary"><h2>Glossary</h2>${glossaryList(terms, ({ lesson, anchor }) => `#${lesson.id}${anchor && `--${anchor}`}`)}</section>`}
</main>
</body>
</html>
`
}

function lessonView({ lesson, parts, tasks }: BookLesson): Html {
  return html`<article class="book-lesson" id="${lesson.id}">
<h2>${lesson.title}</h2>
<ul class="objectives">${lesson.objectives.map((objective) => html`<li>${setQuotes(objective)}</li>`)}</ul>
<div class="prose">${parts.map((part) => (isQuestion(part) ? questionView(part) : part))}</div>
${lesson.questions.length > 0 && html`<section class="answers"><h3>Answers</h3><dl>${lesson.questions.map(answerView)}</dl></section>`}
${tasks.map(({ exercise, task }) => html`<section class="task" id="exercise-${exercise.id}"><h3>Exercise: ${exercise.title}</h3><p class="facts">${levels[exercise.level]} <span>about ${exercise.minutes} minutes</span></p><div class="prose">${task}</div></section>`)}
</article>`
}

function isQuestion(part: Html | Question): part is Question {
  return typeof part === 'object' && 'options' in part
}

function questionView(question: Question): Html {
  return html`<div class="quiz" id="question-${question.id}"><p><strong>${raw(renderInline(question.text))}</strong></p><ol type="a">${shuffled(question).map(({ option }) => html`<li>${raw(renderInline(option.text))}</li>`)}</ol></div>`
}

function answerView(question: Question): Html {
  const options = shuffled(question).map(({ option }, index) => ({
    ...option,
    letter: 'abcdefghijklmnopqrstuvwxyz'[index]!,
  }))
  const right = options.find(({ correct }) => correct)!
  const wrong = options.filter(({ why }) => why !== undefined)
  return html`<dt><a href="#question-${question.id}">${raw(renderInline(question.text))}</a></dt><dd><p><b>${right.letter}.</b> ${raw(renderInline(question.explanation))}</p>${wrong.map(({ letter, why }) => html`<p>Not ${letter}: ${raw(renderInline(why!))}</p>`)}</dd>`
}
