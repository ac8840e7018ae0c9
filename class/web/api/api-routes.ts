import express, { Router, type RequestHandler } from 'express'
import type { Request, Response } from 'express'
import type { Pool } from 'pg'
import { allExercises, findExercise, nearest } from '../../../course/find.ts'
import { exerciseVersion } from '../../../course/exercise-version.ts'
import type { GuessLimits } from '../../../server/for-class.ts'
import { findByCode } from '../../people/roster.ts'
import { beginSession, visitorOfSession } from '../../people/sessions.ts'
import { enqueue, NotOpenYet } from '../../queue/enqueue.ts'
import type { Queues } from '../../queue/queues.ts'
import type { RunEvents } from '../../queue/run-events.ts'
import { setVisitor, visitorOf, type ClassContext } from '../class-context.ts'
import { TOO_MANY_GUESSES } from '../access/gate.ts'
import { textField } from '../text-field.ts'
import { chosenFiles, readHandedIn } from './handed-in.ts'
import { readNews } from './news.ts'

export interface ApiOptions {
  readonly context: ClassContext
  /** Those of the login page: a code may not be guessed here instead. */
  readonly guesses: GuessLimits
  readonly queues: Queues
  readonly events: RunEvents
}

/** Why something was not done, for programs; `error` says it to a person. */
type Refusal = 'code' | 'session' | 'exercise' | 'files' | 'not-open' | 'unknown'

/** Base64 makes 267 kB of the 200 that a submission may have; the rest is names. */
const BODY_LIMIT = '300kb'

/**
 * What `submit --to` asks for, below `/api/class`. A program shows the session's token as `Bearer`
 * (RFC 6750 §2.1) and no cookie is read, so no page of another site can act for somebody.
 */
export function apiRoutes({ context, guesses, queues, events }: ApiOptions): Router {
  const { pool, course, secret, line } = context
  const api = Router()
  api.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store')
    next()
  })

  api.get('/', (_request, response) => void response.json({ server: 'roundtrip', class: 1 }))

  api.post(
    '/sessions',
    express.json({ limit: '1kb' }),
    async (request: Request, response: Response) => {
      const code = textField(request, 'code')
      const guess = await guesses.tryCode(request, code, () => findByCode(pool, code, secret))
      if (guess.kind === 'refused') {
        response.set('Retry-After', String(guess.retryAfterSeconds))
        return refuse(response, 429, 'code', TOO_MANY_GUESSES)
      }
      if (guess.kind === 'wrong') return refuse(response, 401, 'code', 'Invalid code')
      const { id, name } = guess.opens
      response.status(201).json({ token: await beginSession(pool, id), name })
    },
  )

  const withSession: RequestHandler = async (request, response, next) => {
    const token = bearerToken(request)
    const visitor = token === '' ? undefined : await visitorOfSession(pool, token)
    if (!visitor) return refuse(response, 401, 'session', 'The session is over.')
    setVisitor(request, visitor)
    next()
  }

  api.post(
    '/submissions',
    withSession,
    express.json({ limit: BODY_LIMIT }),
    async (request, response) => {
      const handedIn = readHandedIn(request.body)
      if (!handedIn)
        return refuse(response, 400, 'files', 'A submission is JSON: an exercise and its files.')
      const found = findExercise(course, handedIn.exercise)
      if (!found) return refuse(response, 404, 'exercise', unknownExercise(handedIn.exercise))
      const { exercise } = found
      const files = chosenFiles(exercise, handedIn.files)
      if (typeof files === 'string') return refuse(response, 422, 'files', files)
      const { id: learnerId, name } = visitorOf(request)
      const enqueued = await enqueue(queues, {
        learnerId,
        exercise,
        purpose: 'submit',
        files,
      }).catch((error: unknown) => {
        if (error instanceof NotOpenYet) return error
        throw error
      })
      if (enqueued instanceof NotOpenYet) {
        const { message, opensAt } = enqueued
        return refuse(response, 409, 'not-open', message, { opensAt })
      }
      const { id, submittedAt, superseded, dueAt, isLate } = enqueued
      response.status(201).json({
        id,
        name,
        submittedAt,
        superseded: superseded.length,
        dueAt,
        isLate,
        isSameVersion: exerciseVersion(exercise) === handedIn.version,
      })
    },
  )

  api.get(
    '/submissions/:id',
    withSession,
    async (request: Request<{ id: string }>, response: Response) => {
      const { id } = request.params
      const from = /^\d{1,10}$/.exec(String(request.query['from']))?.[0] ?? 0
      const isOwn = await isSubmissionOf(pool, id, visitorOf(request).id)
      const left = new AbortController()
      response.once('close', () => left.abort())
      const news = isOwn && (await readNews({ pool, events, line }, id, Number(from), left.signal))
      if (!news) return refuse(response, 404, 'unknown', 'You have no submission of this id.')
      response.json(news)
    },
  )

  api.use((_request, response) => refuse(response, 404, 'unknown', 'There is nothing here.'))

  const unknownExercise = (id: string): string => {
    const ids = allExercises(course).map(({ exercise }) => exercise.id)
    const meant = nearest(id, ids)
    return `The class has no exercise that is called “${id}”.${meant === undefined ? '' : ` It has “${meant}”.`}`
  }

  return Router().use('/api/class', api)
}

function refuse(
  response: Response,
  status: 400 | 401 | 404 | 409 | 422 | 429,
  refusal: Refusal,
  error: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  if (status === 401) response.set('WWW-Authenticate', 'Bearer realm="Roundtrip"')
  response.status(status).json({ error, refusal, ...more })
}

function bearerToken(request: Request): string {
  return /^Bearer ([\w-]{1,100})$/i.exec(request.get('Authorization') ?? '')?.[1] ?? ''
}

async function isSubmissionOf(pool: Pool, id: string, learnerId: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    'SELECT FROM submissions WHERE id = $1 AND learner_id = $2',
    [id, learnerId],
  )
  return rowCount === 1
}
