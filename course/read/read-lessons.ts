import { join } from 'node:path'
import { listFolder, readText } from './course-files.ts'
import { scanFences } from './fences.ts'
import { splitFrontMatter, type FrontMatter } from './front-matter.ts'
import { parseHeadings, type PlacedHeading } from './headings.ts'
import type { Problem } from '../problem.ts'
import { parseQuiz } from './quiz.ts'
import { courseSchema, idPattern, lessonSchema, sectionSchema, validate } from './schemas.ts'
import type { Course, Lesson, Section } from '../types.ts'

/** Something with an id and the place it was written, for checks across files. */
export interface Placed<Value> {
  readonly value: Value
  /** Relative to the course. */
  readonly file: string
  /** Line of the id. */
  readonly line: number
}

export interface ReadLessons {
  readonly course: Pick<Course, 'id' | 'title' | 'summary' | 'introduction' | 'houseStyle'>
  readonly sections: readonly ReadSection[]
  /**
   * Ids of the lessons whose front matter is broken: an exercise that names one is not to blame.
   */
  readonly brokenIds: readonly string[]
  readonly problems: readonly Problem[]
}

export interface ReadSection extends Placed<Omit<Section, 'lessons'>> {
  readonly lessons: readonly ReadLesson[]
}

export interface ReadLesson extends Placed<Omit<Lesson, 'exercises'>> {
  readonly needsLine: number
  /** Line of each question's block. */
  readonly questionLines: readonly number[]
}

/**
 * Reads `lessons/course.md`, each `section.md` and the lessons beside it, in the order of their
 * numbers.
 */
export function readLessons(root: string): ReadLessons {
  const problems: Problem[] = []
  const found = readCourse(root, problems)
  const brokenIds: string[] = []
  const sections: ReadSection[] = []
  for (const folder of listFolder(join(root, 'lessons')).folders) {
    const section = readSection(root, folder, problems, brokenIds)
    if (section) sections.push(section)
  }
  if (sections.length === 0 && problems.length === 0) {
    const remedy = 'Add a folder lessons/01-first with a section.md and a lesson.'
    problems.push({ file: 'lessons', line: 1, message: 'The course has no section.', remedy })
  }
  return { course: found, sections, brokenIds, problems }
}

function readCourse(root: string, problems: Problem[]): ReadLessons['course'] {
  const file = 'lessons/course.md'
  const matter = readMatter(
    root,
    file,
    problems,
    'Write it with the front matter id, title and summary, and an introduction.',
  )
  const { data, problems: found } = matter ? validate(courseSchema, matter, file) : { problems: [] }
  problems.push(...found)
  return {
    ...(data ?? { id: 'course', title: 'Course', summary: '', houseStyle: false }),
    introduction: matter?.body ?? '',
  }
}

function readSection(
  root: string,
  folder: string,
  problems: Problem[],
  brokenIds: string[],
): ReadSection | undefined {
  const file = `lessons/${folder}/section.md`
  checkNumber(folder, `lessons/${folder}`, problems)
  const lessons: ReadLesson[] = []
  const names = listFolder(join(root, 'lessons', folder)).files.filter(
    (name) => name.endsWith('.md') && name !== 'section.md',
  )
  for (const name of names) {
    checkNumber(name.slice(0, -'.md'.length), `lessons/${folder}/${name}`, problems)
    const lesson = readLesson(root, `lessons/${folder}/${name}`, problems, brokenIds)
    if (lesson) lessons.push(lesson)
  }
  if (names.length === 0) {
    const remedy = 'Add a lesson beside section.md, or remove the folder.'
    problems.push({
      file: `lessons/${folder}`,
      line: 1,
      message: 'This section has no lesson.',
      remedy,
    })
  }
  const matter = readMatter(
    root,
    file,
    problems,
    'Write it with the front matter id, title and summary.',
  )
  if (!matter) return undefined
  const { data, problems: found } = validate(sectionSchema, matter, file)
  problems.push(...found)
  return data && { value: data, file, line: matter.lineOf(['id']), lessons }
}

function readLesson(
  root: string,
  file: string,
  problems: Problem[],
  brokenIds: string[],
): ReadLesson | undefined {
  const path = join(root, file)
  const matter = readMatter(root, file, problems, '')
  if (!matter) return undefined
  const { data, problems: found } = validate(lessonSchema, matter, file)
  problems.push(...found)
  const headings = parseHeadings(matter.body)
  const quiz = parseQuiz(matter.body)
  const inBody: ReportInBody = (index, message, remedy) => {
    problems.push({ file, line: matter.bodyLine + index, message, remedy })
  }
  for (const mistake of quiz.mistakes) inBody(mistake.index, mistake.message, mistake.remedy)
  for (const fence of scanFences(matter.body).fences) {
    if (fence.closed) continue
    inBody(
      fence.start,
      'The code block that opens here is never closed.',
      'End it with a line of as many backticks.',
    )
  }
  for (const question of quiz.questions) {
    if (idPattern.test(question.id)) continue
    inBody(question.index, `The question's id "${question.id}" is not in kebab-case.`, kebab)
  }
  checkAnchors(headings, inBody)
  if (!data) {
    brokenIds.push(...(matter.looseId === undefined ? [] : [matter.looseId]))
    return undefined
  }
  return {
    value: {
      ...data,
      markdown: matter.body,
      headings: headings.map(({ id, text, level }) => ({ id, text, level })),
      questions: quiz.questions.map(({ id, text, options, explanation }) => ({
        id,
        text,
        options,
        explanation,
      })),
      file: path,
    },
    file,
    line: matter.lineOf(['id']),
    needsLine: matter.lineOf(['needs']),
    questionLines: quiz.questions.map((question) => matter.bodyLine + question.index),
  }
}

const kebab = 'Write it in small letters, digits and single hyphens: where-is-the-state.'

type ReportInBody = (index: number, message: string, remedy: string) => void

function checkAnchors(headings: readonly PlacedHeading[], report: ReportInBody): void {
  for (const [position, { id, index, explicit }] of headings.entries()) {
    if (explicit && !idPattern.test(id))
      report(index, `The anchor "${id}" is not in kebab-case.`, kebab)
    if (headings.findIndex((each) => each.id === id) < position) {
      report(
        index,
        `The anchor "${id}" stands twice in this lesson.`,
        'Give one of the two headings another: {#another}.',
      )
    }
  }
}

function readMatter(
  root: string,
  file: string,
  problems: Problem[],
  remedy: string,
): FrontMatter | undefined {
  const text = readText(join(root, file))
  if (text === undefined) problems.push({ file, line: 1, message: 'This file is missing.', remedy })
  return text === undefined ? undefined : splitFrontMatter(text)
}

// Sections and lessons are shown in the order of their names, so a name without a number lands
// anywhere.
function checkNumber(name: string, file: string, problems: Problem[]): void {
  if (/^\d\d-[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return
  const message = `The name "${name}" is not two digits, a hyphen and a name in kebab-case.`
  problems.push({
    file,
    line: 1,
    message,
    remedy: 'Name it like 06-connections: the number gives its place.',
  })
}
