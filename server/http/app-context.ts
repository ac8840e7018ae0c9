import type { Request, Response } from 'express'
import type { Paths } from '../../course/paths.ts'
import type { Records } from '../../course/progress/progress.ts'
import type { Course, Exercise } from '../../course/types.ts'
import type { Store } from '../../store/open-store.ts'
import { listOwnRuns, passedAmong } from '../../store/runs.ts'
import type { Runs } from '../runs/runs.ts'
import type { PageTokens } from './security/page-token.ts'
import { themeOf } from '../ui/theme.ts'
import type { Html } from '../ui/html.ts'
import type { Site } from '../ui/layout.ts'

/** What the routes work with. */
export interface AppContext {
  /** All courses as one, where lessons and exercises are found by their ids. */
  readonly course: Course
  /** The courses one by one. The first is read at `/`, the others at `/courses/<id>`. */
  readonly courses: readonly [Course, ...Course[]]
  readonly store: Store
  readonly paths: Paths
  readonly runs: Runs
  readonly tokens: PageTokens
  /** Where the course is read in a class, from another machine than the one it is kept on. */
  readonly classroom?: Classroom
}

/** What is otherwise on the pages of a learner in a class. */
export interface Classroom {
  /** What does in the learner's own terminal what Submit does. */
  submitCommand(exercise: Exercise): string
  /** When an exercise opens and is due, as a sentence; undefined when nothing is set. */
  dueOf(exercise: Exercise): Promise<Html | undefined>
  /** Further links for the top of every page. */
  links(request: Request): Html
}

/**
 * What the views need to know about the visitor who asks. `exercise` is the one the page is about,
 * where its address does not tell.
 */
export function siteFor(
  { courses, tokens, classroom }: AppContext,
  request: Request,
  exercise?: string,
): Site {
  const course =
    exercise === undefined ? courseAt(request.path, courses) : courseOf(exercise, courses)
  return {
    courseTitle: course.title,
    courseAddress: addressOfCourse(course, courses),
    severalCourses: courses.length > 1,
    token: tokens.issueFor(request),
    theme: themeOf(request),
    ...(classroom && { links: classroom.links(request) }),
  }
}

/**
 * What the learner has done: what is kept in the store, and which of their own runs have passed.
 */
export async function recordsOf(
  { store, paths }: AppContext,
  ownRuns = listOwnRuns(paths),
): Promise<Records> {
  return { ...(await store.records()), passedRuns: passedAmong(ownRuns) }
}

/** Where a course's own page is. */
export function addressOfCourse(course: Course, courses: readonly Course[]): string {
  return course === courses[0] ? '/' : `/courses/${course.id}`
}

/**
 * The course that a page belongs to, by its address: `/courses/small`,
 * `/lessons/small--first-lesson`. Else the first.
 */
function courseAt(path: string, [first, ...others]: AppContext['courses']): Course {
  const [, place, id = ''] = path.split('/')
  return place === 'courses'
    ? (others.find((course) => id === course.id) ?? first)
    : courseOf(id, [first, ...others])
}

/**
 * The course that a lesson or an exercise belongs to, by its id (see course/join-courses.ts). Else
 * the first.
 */
export function courseOf(id: string, [first, ...others]: AppContext['courses']): Course {
  return others.find((course) => id.startsWith(`${course.id}--`)) ?? first
}

/** Sends a page. Browsers may keep it for going back, and ask again before they show it anew. */
export async function sendPage(response: Response, page: Html, status = 200): Promise<void> {
  const text = String(await page)
  response.status(status).set('Cache-Control', 'private, no-cache').type('html').send(text)
}

/**
 * Whether a script of the page asks, which wants data, and not a browser that goes from page to
 * page.
 */
export function wantsJson(request: Request): boolean {
  return request.accepts(['html', 'json']) === 'json'
}
