import type { Reply, SetUpKit, SiteAnswer } from '#grader'

/** What the service says about one job, question by question; the last one again and again. */
type Course = readonly Reply[]

interface Service {
  readonly course: Course
  /** The text of every report that it makes. */
  readonly report: string
  /** Location of a 202 is a whole address instead of a path. */
  readonly namesWholeAddress?: boolean
}

/** Leads to the report; where that is, is known once there is a job. */
export const MADE: Reply = { status: 303 }

export function running(percent: number, retryAfter: number): Reply {
  return json({ state: 'running', percent }, { retryAfter })
}

export function failed(reason: string): Reply {
  return json({ state: 'failed', reason })
}

/** A load balancer's answer, in HTML as those are. */
export function busy(retryAfter: number): Reply {
  return {
    status: 503,
    headers: { ...NOT_KEPT, ...HTML, 'Retry-After': String(retryAfter) },
    body: '<!doctype html><title>Busy</title><h1>Service Unavailable</h1>\n',
  }
}

/**
 * Takes orders on the page's origin. Each starts a job of its own, at an address of its own.
 * `holdAcceptance` holds every 202 until the function that it returns is called: what a page does
 * while it waits for one can then be observed.
 */
export function reportService(random: SetUpKit['random'], service: Service) {
  let held: Promise<void> | undefined
  const holdAcceptance = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    held = promise
    return resolve
  }
  const jobs = new Map<string, { asked: number; report: string }>()
  const accept = (host: string): Reply => {
    const job = `/jobs/${random.token(12)}`
    jobs.set(job, { asked: 0, report: `/reports/${random.token(12)}` })
    const location = service.namesWholeAddress ? `http://${host}${job}` : job
    return json({ state: 'running', percent: 0 }, { status: 202, retryAfter: 1, location })
  }
  const tell = (job: { asked: number; report: string }): Reply => {
    const reply = service.course[job.asked] ?? service.course.at(-1)!
    job.asked += 1
    return reply === MADE ? { status: 303, headers: { ...NOT_KEPT, Location: job.report } } : reply
  }
  const site: SiteAnswer = async ({ method, path, headers }) => {
    if (path === '/reports') {
      const [, host = ''] = headers.find(([name]) => name.toLowerCase() === 'host') ?? []
      if (method !== 'POST') return refused('POST')
      await held
      return accept(host)
    }
    const job = jobs.get(path)
    const isReport = jobs.values().some(({ report, asked }) => asked > 0 && report === path)
    if (!job && !isReport) return undefined
    if (method !== 'GET') return refused('GET')
    if (job) return tell(job)
    return { headers: { ...NOT_KEPT, ...TEXT }, body: service.report }
  }
  return { site, holdAcceptance }
}

const NOT_KEPT = { 'Cache-Control': 'no-store' }
const HTML = { 'Content-Type': 'text/html; charset=utf-8' }
const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' }

interface JsonOptions {
  readonly status?: number
  readonly retryAfter?: number
  readonly location?: string
}

function json(value: unknown, { status = 200, retryAfter, location }: JsonOptions = {}): Reply {
  const headers = {
    ...NOT_KEPT,
    'Content-Type': 'application/json',
    'Retry-After': retryAfter?.toString(),
    Location: location,
  }
  return { status, headers, body: JSON.stringify(value) }
}

function refused(allow: string): Reply {
  return { status: 405, headers: { ...NOT_KEPT, Allow: allow } }
}
