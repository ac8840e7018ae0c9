import { Router, type Request } from 'express'
import { findExercise } from '../../../course/find.ts'
import type { AppContext } from '../../http/app-context.ts'
import { notFound, PageError } from '../../http/page-error.ts'
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

  const typedFile = ({ params, body }: Request<FileParameters>): TypedFile => {
    const exercise = findExercise(course, params.id)?.exercise
    if (!exercise?.files.includes(params.name)) throw notFound('There is no such file.')
    const text: unknown = body?.text
    if (typeof text !== 'string') throw new PageError(400, 'The request has no text.')
    return { exercise, name: params.name, text }
  }

  return router
}

type FileParameters = { readonly id: string; readonly name: string }

function placeOf(given: { line?: unknown; character?: unknown } | undefined): Place {
  const { line, character } = given ?? {}
  const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0
  if (!isCount(line) || !isCount(character))
    throw new PageError(400, 'The request names no place in the text.')
  return { line, character }
}
