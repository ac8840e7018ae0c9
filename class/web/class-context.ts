import type { Request } from 'express'
import type { Pool } from 'pg'
import type { Course } from '../../course/types.ts'
import type { AppContext, Site } from '../../server/for-class.ts'
import type { Line } from '../queue/line.ts'
import type { Visitor } from '../people/sessions.ts'

/** What the class's own routes work with. */
export interface ClassContext {
  readonly pool: Pool
  /** All courses as one. */
  readonly course: Course
  /** The key of codes and cookies. */
  readonly secret: string
  /** Where the class reads: `https://course.example`. */
  readonly origin: string
  siteFor(request: Request): Site
  /** What an exercise is called; its id where the course has it no more. */
  titleOf(exerciseId: string): string
  readonly line: Line
  /** What the pages of a learner are made of. */
  contextOf(learnerId: string): AppContext
  /** Has a learner's pages show the judgement of a submission that counts now. */
  readAnew(learnerId: string, submissionId: string): Promise<void>
  /** Removes the files that the server keeps of somebody. */
  removeFiles(learnerId: string): Promise<void>
}

const visitors = new WeakMap<Request, Visitor>()

/** Keeps who asks, once their session is known. */
export function setVisitor(request: Request, visitor: Visitor): void {
  visitors.set(request, visitor)
}

/** Who asks. Behind the access gate there always is somebody. */
export function visitorOf(request: Request): Visitor {
  const visitor = visitors.get(request)
  if (!visitor) throw new Error('This route is not behind the access gate.')
  return visitor
}

/** Whether it is known who asks. */
export function hasVisitor(request: Request): boolean {
  return visitors.has(request)
}
