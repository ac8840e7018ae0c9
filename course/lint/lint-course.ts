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
import { countWords } from './prose.ts'

/**
 * Every mistake in a course's words and front matter, in reading order, and the course as far as it
 * could be read.
 */
export async function lintCourse(
  root: string,
): Promise<{ readonly course: Course; readonly problems: readonly Problem[] }> {
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
  return {
    course,
    problems: inReadingOrder([
      ...problems,
      ...texts.flatMap((file) => textProblems(root, file, targets)),
      ...lessons.flatMap((lesson) => readingTime(root, lesson)),
      ...exercises.flatMap(lintMutants),
    ]),
  }
}

function textProblems(root: string, file: string, targets: Omit<LinkTargets, 'own'>): Problem[] {
  const text = readText(join(root, file))
  if (text === undefined) return []
  const { body, bodyLine } = splitFrontMatter(text)
  const lines = body.split('\n')
  return lintMarkdown(body, { ...targets, own: parseHeadings(body) }).map(
    ({ index, column, message, remedy }) => ({
      file,
      line: bodyLine + index,
      column,
      message,
      remedy,
      excerpt: lines[index]!,
    }),
  )
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
