import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { glossaryOf } from '../../course/lessons/glossary.ts'
import type { Course, Lesson } from '../../course/types.ts'
import { pictureStyleFile } from '../../grader/report/svg/index.ts'
import { renderMarkdown, type RenderedMarkdown } from '../markdown/render-markdown.ts'
import { bookPage, type BookLesson } from './book-page.ts'
import { html, raw, type Html } from '../ui/html.ts'

/**
 * A course as one HTML document to be read and printed without this server: styles within, no
 * script, nothing loaded. Hints and solutions are not in it. The same course gives the same bytes.
 */
export async function renderBook(course: Course): Promise<string> {
  const sections = course.sections.map(async (section) => ({
    section,
    lessons: await Promise.all(section.lessons.map(lessonOf)),
  }))
  const own = (name: string) => join(import.meta.dirname, '../public', name)
  const styles = [own('style.css'), own('pages.css'), pictureStyleFile, own('book.css')]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  const introduction = htmlOf(await renderMarkdown(course.introduction), 'introduction', 1)
  return String(
    await bookPage({
      course,
      introduction,
      sections: await Promise.all(sections),
      terms: glossaryOf(course),
      styles,
    }),
  )
}

async function lessonOf(lesson: Lesson): Promise<BookLesson> {
  const { parts } = await renderMarkdown(lesson.markdown.replace(/^\s*# [^\n]*\n/, ''))
  const tasks = lesson.exercises.map(async (exercise) => ({
    exercise,
    task: htmlOf(await renderMarkdown(exercise.task), `exercise-${exercise.id}`, 2),
  }))
  return {
    lesson,
    parts: parts.map((part) =>
      'html' in part
        ? raw(withinBook(part.html, lesson.id, 1))
        : lesson.questions.find(({ id }) => id === part.question)!,
    ),
    tasks: await Promise.all(tasks),
  }
}

function htmlOf({ parts }: RenderedMarkdown, scope: string, deeper: number): Html {
  return html`${parts.map((part) => ('html' in part ? raw(withinBook(part.html, scope, deeper)) : ''))}`
}

/**
 * A page's HTML for its place in a document of many: anchors get the page's name in front, headings
 * go `deeper`, links to other pages become links within the document. Each `<` in rendered markdown
 * begins a tag, and no tag holds another.
 */
export function withinBook(page: string, scope: string, deeper: number): string {
  return page.replace(/<\/?[a-z][^<>]*>/g, (tag) =>
    tag
      .replace(
        /^(<\/?h)([1-6])/,
        (_, before: string, level: string) => `${before}${Math.min(6, Number(level) + deeper)}`,
      )
      .replace(/ (id|aria-describedby|aria-labelledby)="([^"]+)"/g, ` $1="${scope}--$2"`)
      .replace(/ href="#([^"]*)"/, ` href="#${scope}--$1"`)
      .replace(
        / href="\/lessons\/([a-z0-9-]+)(?:#([^"]*))?"/,
        (_, id: string, anchor?: string) => ` href="#${id}${anchor ? `--${anchor}` : ''}"`,
      )
      .replace(/ href="\/exercises\/([a-z0-9-]+)[^"]*"/, ' href="#exercise-$1"')
      .replace(/ href="\/[^"]*"/, ''),
  )
}
