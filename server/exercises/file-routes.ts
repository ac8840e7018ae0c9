import { Router, type Request } from 'express'
import { FileError } from '../../course/read/file-error.ts'
import { shownPath } from '../../course/paths.ts'
import { ChangedOutside, readWorkFile, writeWorkFile } from '../../course/work/work-file.ts'
import type { AppContext } from '../http/app-context.ts'
import { PageError } from '../http/page-error.ts'
import { checkOrigin } from '../http/security/check-origin.ts'
import { diffView } from '../ui/diff.ts'
import { plainSide } from '../ui/side.ts'
import { namedFile, textOf, type FileParameters } from './named-file.ts'

/**
 * The learner's own files, for the editor of the page. A version stands for a content; who writes
 * says which one is to be replaced, so that a change made elsewhere is never lost without a word.
 */
export function fileRoutes({ course, paths }: AppContext): Router {
  const router = Router()

  router.get(
    '/api/exercises/:id/files/:name',
    checkOrigin(),
    (request: Request<FileParameters>, response) => {
      const { exercise, name } = namedFile(course, request.params)
      const { text, version } = readWorkFile(exercise, name, paths)
      if (text === undefined) throw notEditable(name, version)
      const tag = `"${version}"`
      response.set({ 'Cache-Control': 'private, no-cache', ETag: tag })
      // By hand: a script's own If-None-Match comes with Cache-Control: no-cache, for which Express
      // would send the whole again.
      if (request.get('If-None-Match') === tag) return void response.status(304).end()
      response.json({ text, version })
    },
  )

  router.put('/api/exercises/:id/files/:name', (request: Request<FileParameters>, response) => {
    const { exercise, name } = namedFile(course, request.params)
    const known = /^"([\w-]+)"$/.exec(request.get('If-Match') ?? '')?.[1]
    if (known === undefined)
      throw new PageError(428, 'This request does not say which version it replaces (If-Match).')
    try {
      const { version, copy } = writeWorkFile(
        exercise,
        { name, text: textOf(request), version: known, keepOther: request.body.keepOther === true },
        paths,
      )
      response
        .set('ETag', `"${version}"`)
        .json({ version, copy: copy === null ? null : shownPath(copy, paths.root) })
    } catch (error) {
      if (error instanceof ChangedOutside)
        throw new PageError(412, `${name} was changed outside this page.`)
      throw error
    }
  })

  /** Two versions side by side: what the page holds, and what the file is. */
  router.post(
    '/api/exercises/:id/files/:name/compare',
    async (request: Request<FileParameters>, response) => {
      const { exercise, name } = namedFile(course, request.params)
      const { text, version } = readWorkFile(exercise, name, paths)
      if (text === undefined && version !== 'absent') throw notEditable(name, version)
      const html = String(
        await diffView(
          plainSide('Here, in the page', textOf(request)),
          plainSide('In the file', text ?? ''),
        ),
      )
      response.json({ html, text: text ?? '', version })
    },
  )

  return router
}

function notEditable(name: string, version: string): Error {
  if (version === 'absent')
    return new FileError(
      `${name} is not there.`,
      'Reload the page: it is made again from the stub.',
    )
  return new PageError(409, `${name} isn't text in UTF-8. Edit it in your own editor.`)
}
