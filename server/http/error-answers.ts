import type { ErrorRequestHandler, Request, RequestHandler } from 'express'
import { StoreError, type StoreErrorKind } from '../../store/open-store.ts'
import { FileError } from '../../course/read/file-error.ts'
import { sendPage, wantsJson } from './app-context.ts'
import { notFound, PageError } from './page-error.ts'
import type { Site } from '../ui/layout.ts'
import { messagePage } from '../ui/message-page.ts'
import { themeOf } from '../ui/theme.ts'

/** Kinds that pass by themselves, or once somebody has made room or given a right. */
const passing: ReadonlySet<StoreErrorKind> = new Set(['away', 'busy', 'read-only', 'disk-full'])
const RETRY_AFTER_S = 5

/** Everything no route knows. */
export function answerUnknown(): RequestHandler {
  return (_request, _response, next) => next(notFound('There is nothing at this address.'))
}

/**
 * Every error as a page, or as JSON for a script: what happened and the remedy, never a stack. Ours
 * also go to the terminal.
 */
export function answerErrors(
  siteOf: (request: Request) => Site | undefined,
  explainError: (error: unknown) => unknown = (error) => error,
): ErrorRequestHandler {
  return async (thrown: unknown, request, response, next) => {
    if (response.headersSent) return next(thrown)
    const error = explainError(thrown)
    const { status, title, text } = explain(error)
    if (status >= 500)
      console.error(
        `${request.method} ${request.path}: ${error instanceof Error ? error.message : String(error)}`,
      )
    response.set('Cache-Control', 'no-store')
    if (error instanceof StoreError && passing.has(error.kind))
      response.set('Retry-After', String(RETRY_AFTER_S))
    if (request.path.startsWith('/api/') || wantsJson(request))
      return void response.status(status).json({ error: text })
    const site = siteOf(request)
    const page = messagePage({ title, text, ...(site ? { site } : { theme: themeOf(request) }) })
    await sendPage(response, page, status)
  }
}

interface Explained {
  readonly status: number
  readonly title: string
  readonly text: string
}

function explain(error: unknown): Explained {
  if (error instanceof StoreError || error instanceof FileError) {
    return {
      status: 503,
      title: 'That could not be done',
      text: `${error.message} ${error.remedy}`,
    }
  }
  const status = statusOf(error)
  if (error instanceof PageError)
    return { status, title: status === 404 ? 'Not here' : 'That did not work', text: error.message }
  if (status === 413)
    return { status, title: 'Too much', text: 'This is more than the server takes at once.' }
  if (status < 500)
    return { status, title: 'That did not work', text: 'The request could not be understood.' }
  return {
    status,
    title: 'A fault of the server',
    text: 'The course server met a fault of its own. The terminal it runs in says which. Reload the page to try again.',
  }
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : 500
}
