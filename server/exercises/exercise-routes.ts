import { basename } from 'node:path'
import { Router, type Request } from 'express'
import { npmRun } from '../../course/command-line.ts'
import { FileError } from '../../course/read/file-error.ts'
import { allExercises, findExercise, nearest, type FoundExercise } from '../../course/find.ts'
import { nextHint } from '../../course/progress/next-hint.ts'
import { keepMine, mergeStub, stubChange } from '../../course/work/merge-stub.ts'
import { shownPath } from '../../course/paths.ts'
import type { Exercise } from '../../course/types.ts'
import { ensureWork, readWork, resetWork, workFolder } from '../../course/work/work-folder.ts'
import type { Report } from '../../grader/types/index.ts'
import { listOwnRuns, readReport, type RunSummary } from '../../store/runs.ts'
import { courseOf, sendPage, siteFor, wantsJson, type AppContext } from '../http/app-context.ts'
import { renderMarkdown } from '../markdown/render-markdown.ts'
import { notFound } from '../http/page-error.ts'
import type { LiveRun, Purpose } from '../runs/runs.ts'
import { exercisePage, hints } from './exercise-page.ts'
import { givenFiles } from './given-files.ts'
import { html, raw } from '../ui/html.ts'
import { liveResults, standingAfter } from '../runs/live-results.ts'
import { measuredSeconds, standingOf, standingReader } from '../runs/standing.ts'

/** An exercise's page, its hints, starting a run or a submission, going back to the stub. */
export function exerciseRoutes(context: AppContext): Router {
  const { course, store, paths, runs, classroom } = context
  const router = Router()

  const readStanding = standingReader(context)

  const exerciseOf = (id: string): FoundExercise => {
    const found = findExercise(course, id)
    if (found) return found
    const suggestion = nearest(
      id,
      allExercises(course).map((each) => each.exercise.id),
    )
    throw notFound(
      `No exercise is called “${id}”.${suggestion === undefined ? '' : ` Did you mean “${suggestion}”?`}`,
    )
  }

  router.get('/exercises/:id', async (request, response) => {
    const { exercise, lesson } = exerciseOf(request.params.id)
    const { parts } = await renderMarkdown(exercise.task)
    const fileError = makeFiles(exercise, request)
    const standing = await standingOf(context, exercise)
    const { live, last } = await newestResult(exercise, standing.history[0])
    const page = exercisePage({
      site: siteFor(context, request),
      exercise,
      lesson,
      task: html`${parts.map((part) => ('html' in part ? raw(part.html) : ''))}`,
      file: shownPath(`${workFolder(exercise, paths)}/${exercise.files[0]}`, paths.root),
      fileError,
      command: classroom?.submitCommand(exercise) ?? npmRun('grade', [exercise.id], paths),
      due: await classroom?.dueOf(exercise),
      isHere: classroom === undefined,
      hintsShown: await store.hintsShown(exercise.id),
      live,
      last,
      standing,
      submissions: await store.submissions(exercise.id),
      notice:
        resetNotice(exercise, request.query['kept']) ??
        mergeNotice(exercise, request.query['merged']),
      change: fileError === undefined ? stubChange(exercise, paths) : null,
      given: await givenFiles(exercise),
      seconds: measuredSeconds(standing.history) ?? exercise.gradingSeconds,
      ...neighboursOf(exercise),
    })
    await sendPage(response, page)
  })

  router.post('/exercises/:id/hints', async (request: Request<{ id: string }>, response) => {
    const { exercise } = exerciseOf(request.params.id)
    const kept = await store.hintsShown(exercise.id)
    const shown = kept.filter((place) => exercise.hints[place] !== undefined)
    // One at a time: a repeated click, or a second tab that is behind, reveals nothing more.
    const next =
      Number(request.body?.count) === shown.length + 1
        ? nextHint(exercise.hints, shown, failedCheck(exercise))
        : undefined
    if (next !== undefined) await store.revealHint(exercise.id, next)
    if (!wantsJson(request)) return void response.redirect(303, `/exercises/${exercise.id}#hints`)
    response.json({
      html: String(
        await hints(exercise, await store.hintsShown(exercise.id), siteFor(context, request)),
      ),
    })
  })

  router.post('/exercises/:id/reset', (request: Request<{ id: string }>, response) => {
    const { exercise } = exerciseOf(request.params.id)
    const { copy } = resetWork(exercise, paths)
    response.redirect(
      303,
      `/exercises/${exercise.id}?kept=${copy === null ? 'nothing' : basename(copy)}`,
    )
  })

  router.post('/exercises/:id/merge', (request: Request<{ id: string }>, response) => {
    const { exercise } = exerciseOf(request.params.id)
    if (request.body?.keep === 'mine') {
      keepMine(exercise, paths)
      return void response.redirect(303, `/exercises/${exercise.id}`)
    }
    const merged = mergeStub(exercise, paths)
    response.redirect(
      303,
      `/exercises/${exercise.id}${merged ? `?merged=${basename(merged.copy)}` : ''}`,
    )
  })

  for (const purpose of ['run', 'submit'] as const satisfies readonly Purpose[]) {
    router.post(`/exercises/:id/${purpose}`, async (request: Request<{ id: string }>, response) => {
      const { exercise, lesson } = exerciseOf(request.params.id)
      const run = await runs.start(exercise, lesson, purpose)
      // Without a script the run's own page reloads itself. An address with a fragment would not be
      // loaded again.
      response.redirect(303, `/runs/${run.id}`)
    })

    router.post(
      `/api/exercises/:id/${purpose}`,
      async (request: Request<{ id: string }>, response) => {
        const { exercise, lesson } = exerciseOf(request.params.id)
        const run = await runs.start(exercise, lesson, purpose)
        response.status(202).json({
          run: run.id,
          html: String(
            await liveResults(
              run,
              siteFor(context, request),
              await standingAfter(run, readStanding),
            ),
          ),
        })
      },
    )
  }

  const neighboursOf = ({ id }: Exercise) => {
    const all = allExercises(courseOf(id, context.courses)).map(({ exercise }) => exercise)
    const position = all.findIndex((each) => each.id === id)
    return { previous: all[position - 1], next: all[position + 1] }
  }

  /** Why the learner's files cannot be made or read. A link on another site makes none. */
  const makeFiles = (exercise: Exercise, request: Request): string | undefined => {
    const site = request.get('Sec-Fetch-Site')
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return undefined
    try {
      const { dir } = ensureWork(exercise, paths)
      readWork(exercise, dir, paths.root)
      return undefined
    } catch (error) {
      if (error instanceof FileError) return `${error.message} ${error.remedy}`
      throw error
    }
  }

  /**
   * A run that is under way; else whichever is newer, the last one of the learner's own files that
   * is kept (by a command, too) or one that was never finished.
   */
  const newestResult = async (
    exercise: Exercise,
    newest: RunSummary | undefined,
  ): Promise<{ live: LiveRun | undefined; last: Report | undefined }> => {
    const live = await runs.newest(exercise.id)
    if (live && live.state !== 'over') return { live, last: undefined }
    const liveIsNewer = live && (!newest || Date.parse(newest.startedAt) < live.startedAt)
    return liveIsNewer
      ? { live, last: undefined }
      : { live: undefined, last: newest && readReport(paths.runs, newest.run) }
  }

  /** The check whose failure the newest run of the learner's own files shows first. */
  const failedCheck = (exercise: Exercise): string | undefined => {
    const newest = listOwnRuns(paths).find((run) => run.exercise === exercise.id)
    const report = newest && readReport(paths.runs, newest.run)
    return report?.checks.find(({ outcome }) => outcome === 'failed')?.id
  }

  const resetNotice = (exercise: Exercise, kept: unknown): string | undefined => {
    if (kept === 'nothing') return 'This is the stub again.'
    const copy = copyOf(exercise, 'reset', kept)
    return copy && `This is the stub again. ${keptIn(copy)}`
  }

  const mergeNotice = (exercise: Exercise, merged: unknown): string | undefined => {
    const copy = copyOf(exercise, 'merge', merged)
    return (
      copy &&
      `The new stub is in your files; where both changed the same lines, choose between <<<<<<< and >>>>>>>. ${keptIn(copy)}`
    )
  }

  const keptIn = (copy: string): string =>
    classroom
      ? 'What you had is kept on the server; your teacher can give it back.'
      : `What you had is kept in ${copy}`

  /**
   * Where the learner's files were copied to, as a person reads it; undefined when the address
   * names no such copy.
   */
  const copyOf = (exercise: Exercise, what: string, name: unknown): string | undefined => {
    const isCopy =
      typeof name === 'string' &&
      name.startsWith(`${exercise.id}.before-${what}-`) &&
      /^[a-z0-9.T-]+$/i.test(name)
    return isCopy ? shownPath(`${paths.work}/${name}`, paths.root) : undefined
  }

  return router
}
