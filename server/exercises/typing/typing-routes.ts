import { Router, type Request } from 'express'
import type { AppContext } from '../../http/app-context.ts'
import { PageError } from '../../http/page-error.ts'
import { namedFile, textOf, type FileParameters } from '../named-file.ts'
import { syntaxProblems } from './syntax-problems.ts'
import type { TypeService } from './type-service.ts'
import type { Place, Problem, TypedFile } from './types.ts'

/** What the editor of the page asks while something is typed: what is wrong, and what may follow. */
export function typingRoutes({ course }: AppContext, types: TypeService | undefined): Router {
  const router = Router()

  router.post(
    '/api/exercises/:id/files/:name/problems',
    async (request: Request<FileParameters>, response) => {
      response.json({ problems: await problemsOf(typedFile(request)) })
    },
  )

  router.post(
    '/api/exercises/:id/files/:name/completions',
    async (request: Request<FileParameters>, response) => {
      const file = typedFile(request)
      const at = placeOf(request.body?.at)
      response.json({ options: (await types?.completions(file, at).catch(() => [])) ?? [] })
    },
  )

  /** Syntax alone where the language server isn't installed, or has just ended. */
  const problemsOf = async (file: TypedFile): Promise<Problem[]> => {
    if (!/\.[cm]?ts$/.test(file.name)) return []
    return (await types?.problems(file).catch(() => undefined)) ?? syntaxProblems(file.text)
  }

  const typedFile = (request: Request<FileParameters>): TypedFile => ({
    ...namedFile(course, request.params),
    text: textOf(request),
  })

  return router
}

function placeOf(given: { line?: unknown; character?: unknown } | undefined): Place {
  const { line, character } = given ?? {}
  const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0
  if (!isCount(line) || !isCount(character))
    throw new PageError(400, 'The request names no place in the text.')
  return { line, character }
}
