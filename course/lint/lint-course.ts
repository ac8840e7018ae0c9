import { join } from 'node:path'
import { readText } from '../read/course-files.ts'
import { allExercises } from '../find.ts'
import { splitFrontMatter } from '../read/front-matter.ts'
import { parseHeadings } from '../read/headings.ts'
import { loadCourse } from '../load-course.ts'
import { shownPath } from '../paths.ts'
import { inReadingOrder, type Problem } from '../problem.ts'
import type { Course, Lesson } from '../types.ts'
import type { LinkTargets } from './lint-links.ts'
import { lintMarkdown } from './lint-markdown.ts'
import { lintMutants } from './lint-mutants.ts'
import { lintShape } from './lint-shape.ts'
import { lintExplanations, lintStyle, unusedTerms } from './lint-style.ts'
import { countWords } from './prose.ts'
import type { TextMistake } from './text-mistake.ts'

export interface LintedCourse {
  /** As far as it could be read. */
  readonly course: Course
  /** What is broken, in reading order. */
  readonly problems: readonly Problem[]
  /** What works and could read better, in reading order. */
  readonly warnings: readonly Problem[]
}

/** Every mistake in a course's words and front matter, and every place that could read better. */
export async function lintCourse(root: string): Promise<LintedCourse> {
  const { course, problems } = await loadCourse(root)
  const lessons = course.sections.flatMap((section) => section.lessons)
  const exercises = allExercises(course).map(({ exercise }) => exercise)
  const targets = {
    lessons: new Map(lessons.map(({ id, headings }) => [id, headings])),
    exercises: exercises.map(({ id }) => id),
  }
  const texts = [
    'lessons/course.md',
    ...lessons.map(({ file }) => shownPath(file, root)),
    ...exercises.map(({ dir }) => shownPath(join(dir, 'exercise.md'), root)),
  ]
  const explanations = lessons.flatMap((lesson) => explanationsLacking(root, lesson))
  return {
    course,
    problems: inReadingOrder([
      ...problems,
      ...texts.flatMap((file) => textProblems(root, file, targets)),
      ...lessons.flatMap((lesson) => readingTime(root, lesson)),
      ...lessons.flatMap((lesson) => termProblems(root, lesson)),
      ...exercises.flatMap(lintMutants),
      ...(course.houseStyle ? explanations : []),
    ]),
    warnings: inReadingOrder([
      ...(course.houseStyle ? [] : explanations),
      ...lessons.flatMap((lesson) => lessonWarnings(root, lesson, course.houseStyle)),
      ...exercises.flatMap(({ dir }) =>
        placed(root, shownPath(join(dir, 'exercise.md'), root), lintStyle),
      ),
    ]),
  }
}

function textProblems(root: string, file: string, targets: Omit<LinkTargets, 'own'>): Problem[] {
  return placed(root, file, (body) => lintMarkdown(body, { ...targets, own: parseHeadings(body) }))
}

function lessonWarnings(root: string, { file, primer }: Lesson, shape: boolean): Problem[] {
  return placed(root, shownPath(file, root), (body) => [
    ...(shape ? lintShape(body, primer ? 'primer' : 'lesson') : []),
    ...lintStyle(body),
  ])
}

function explanationsLacking(root: string, { file, terms }: Lesson): Problem[] {
  return placed(root, shownPath(file, root), (body) => lintExplanations(body, terms))
}

/** What was found in a text's body, by its place in the file. */
function placed(root: string, file: string, lint: (body: string) => TextMistake[]): Problem[] {
  const text = readText(join(root, file))
  if (text === undefined) return []
  const { body, bodyLine } = splitFrontMatter(text)
  const lines = body.split('\n')
  return lint(body).map(({ index, column, message, remedy }) => ({
    file,
    line: bodyLine + index,
    column,
    message,
    remedy,
    excerpt: lines[index]!,
  }))
}

/** A definition that the glossary has no place for. */
function termProblems(root: string, { file, markdown, terms }: Lesson): Problem[] {
  const matter = splitFrontMatter(readText(file) ?? '')
  return unusedTerms(markdown, terms).map((term) => ({
    file: shownPath(file, root),
    line: matter.lineOf(['terms', term]),
    message: `"terms" says what "${term}" means, but the lesson never sets it in bold.`,
    remedy: `Write **${term}** where the lesson explains it, or remove the definition.`,
  }))
}

// Careful readers of technical prose take 100 to 350 words a minute; a question takes up to a
// minute and a half.
const FASTEST = 350
const SLOWEST = 100
const QUESTION_MINUTES = 1.5

function readingTime(root: string, { file, minutes, markdown, questions }: Lesson): Problem[] {
  const words = countWords(markdown)
  const least = Math.max(1, Math.floor(words / FASTEST))
  const most = Math.ceil(words / SLOWEST + questions.length * QUESTION_MINUTES) + 1
  if (minutes >= least && minutes <= most) return []
  const matter = splitFrontMatter(readText(file) ?? '')
  const message = `"minutes" says ${minutes} for ${words} words and ${questions.length === 1 ? '1 question' : `${questions.length} questions`}.`
  return [
    {
      file: shownPath(file, root),
      line: matter.lineOf(['minutes']),
      message,
      remedy: `Between ${least} and ${most} is plausible. Read it with a watch.`,
    },
  ]
}
