import type { Request, Response } from 'express'
import type { Paths } from '../course/paths.ts'
import type { Course } from '../course/types.ts'
import type { Store } from '../store/open-store.ts'
import type { Runs } from './runs.ts'
import type { PageTokens } from './security/page-token.ts'
import { visitorOf } from './security/access-gate.ts'
import { themeOf } from './theme.ts'
import type { Html } from './views/html.ts'
import type { Site } from './views/layout.ts'

/** What the routes work with. */
export interface AppContext {
  readonly course: Course
  readonly store: Store
  readonly paths: Paths
  readonly runs: Runs
  readonly tokens: PageTokens
}

/** What the views need to know about the visitor who asks. */
export function siteFor({ course, tokens }: AppContext, request: Request): Site {
  return { courseTitle: course.title, token: tokens.issue(visitorOf(request)), theme: themeOf(request) }
}

/** Sends a page. Browsers may keep it for going back, and ask again before they show it anew. */
export async function sendPage(response: Response, page: Html, status = 200): Promise<void> {
  const text = String(await page)
  response.status(status).set('Cache-Control', 'private, no-cache').type('html').send(text)
}

/** Whether a script of the page asks, which wants data, and not a browser that goes from page to page. */
export function wantsJson(request: Request): boolean {
  return request.accepts(['html', 'json']) === 'json'
}
