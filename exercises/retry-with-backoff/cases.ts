import {
  bare,
  draw,
  get,
  withContent,
  withKey,
  type Case,
  type Drawing,
  type Short,
} from './steps.ts'

/** Failures that are over after a while, for requests that may be repeated. */
export function drawTemporary(drawing: Drawing): Case[] {
  const put = () => withContent(drawing, 'PUT')
  const post = () => withContent(drawing, 'POST')
  const keyed = (name?: string) => withKey(drawing, 'POST', name)
  const many = { tries: drawing.random.integer(5, 7), base: 3 }
  return [
    draw(drawing, get(), [503, 200]),
    draw(drawing, get(), [502, 200]),
    draw(drawing, get(), [504, 200]),
    draw(drawing, get(), [429, 200]),
    draw(drawing, get(), ['reset', 200]),
    draw(drawing, get(), ['closed', 200]),
    draw(drawing, get(), ['broken', 200]),
    draw(drawing, bare('HEAD'), [502, 200]),
    draw(drawing, bare('OPTIONS'), [503, 204]),
    draw(drawing, bare('DELETE'), [504, 204]),
    draw(drawing, bare('DELETE'), ['reset', 204]),
    draw(drawing, put(), [503, 200]),
    draw(drawing, put(), ['closed', 200]),
    draw(drawing, keyed(), [503, 201]),
    draw(drawing, keyed(), ['reset', 201]),
    draw(drawing, keyed('idempotency-key'), [504, 201], { note: ', in lower case' }),
    draw(drawing, withKey(drawing, 'PATCH', 'idempotency-key'), ['closed', 200], {
      note: ', in lower case',
    }),
    draw(drawing, post(), [429, 201]),
    draw(drawing, withContent(drawing, 'PATCH'), [429, 429, 200]),
    draw(drawing, get(), ['reset', 503, 'broken', 429, 200], { limits: many }),
    draw(drawing, put(), [502, 'closed', 504, 200], { limits: many }),
    draw(drawing, keyed(), [429, 503, 201]),
  ]
}

/** Failures after which the work may be done, for requests that do it once more. */
export function drawUnsafe(drawing: Drawing): Case[] {
  const failures: Short[] = [502, 503, 504, 'reset', 'closed', 'broken']
  const once = (method: string, failure: Short) =>
    draw(drawing, withContent(drawing, method), [failure, 200], { times: 1 })
  return [
    ...failures.map((failure) => once('POST', failure)),
    once('PATCH', 503),
    once('PATCH', 'reset'),
    draw(drawing, withContent(drawing, 'POST'), [429, 503, 200], { times: 2 }),
  ]
}

/** What doesn't get better by asking again. */
export function drawFinal(drawing: Drawing): Case[] {
  const once = (message: Parameters<typeof draw>[1], status: number) =>
    draw(drawing, message, [status, 200], { times: 1 })
  const hinted = once(get(), 500)
  return [
    ...[400, 401, 404, 410].map((status) => once(get(), status)),
    once(withContent(drawing, 'PUT'), 409),
    once(withKey(drawing, 'POST'), 422),
    once(get(), 500),
    once(withContent(drawing, 'PUT'), 501),
    once(withKey(drawing, 'POST'), 500),
    {
      ...hinted,
      name: `${hinted.name}, Retry-After: 0`,
      steps: [
        { ...hinted.steps[0], retryAfter: '0' } as (typeof hinted.steps)[0],
        hinted.steps[1]!,
      ],
    },
    once(withContent(drawing, 'POST'), 201),
    once(bare('DELETE'), 204),
    draw(drawing, get(), [503, 404, 200], { times: 2 }),
  ]
}

/** Failures without an end. */
export function drawEndless(drawing: Drawing): Case[] {
  const { random } = drawing
  const tries = random.integer(3, 4)
  const few = { tries, base: 3, cap: 6 }
  const failing = (outcomes: [Short, ...Short[]], times = tries) =>
    draw(drawing, get(), outcomes, { times, limits: { ...few, tries: times }, note: ', …' })
  const different: [Short, ...Short[]] = tries === 3 ? [503, 429, 502] : [503, 502, 429, 504]
  return [
    failing(different),
    draw(drawing, withContent(drawing, 'POST'), [429], { times: tries, limits: few, note: ', …' }),
    failing(['reset']),
    failing(['broken']),
    failing([503], 1),
    failing(['reset'], 1),
    failing([503, 'closed'], 2),
    failing(['reset', 504], 2),
    draw(drawing, get(), [503], { times: 5, limits: null, note: ', … (limits left out)' }),
  ]
}
