import type { Crash, Diagnosis, Evidence, Exchange, ProgramExit, Response } from '../types/index.ts'
import { howItEnded, whoEndedIt } from '../types/helpers/how-it-ended.ts'
import { LONGEST_HEAD as LONGEST_HEAD_AT_ALL } from '../types/limits.ts'
import { header } from '../types/helpers/header-fields.ts'
import { wasCutByScenario } from '../types/helpers/injected.ts'
import { contentProblem, inSeconds, isHeadWhole, summary } from './read/message.ts'
import { redirectLoop } from './redirect-loop.ts'

/** What Node and V8 print when memory runs out. */
export const OUT_OF_MEMORY =
  /out of memory|Array buffer allocation failed|(?:Failed to|Cannot) allocate memory/i

/** A head longer than this is a fault; Chromium itself gives up at about 256 kB. */
export const LONGEST_HEAD = 64 * 1024

/**
 * That the program ended without being asked to, where this explains why a request was not
 * answered.
 */
export function crashFault(evidence: Evidence, failedOn: Exchange | null): Diagnosis | undefined {
  if (failedOn?.response?.complete) return undefined
  const { exit, log, crashes = [] } = evidence
  const all = exit === null ? crashes : [...crashes, { exit, log, until: Infinity }]
  const explaining = all.find((each) => explains(each, failedOn))
  return explaining && crash(explaining, failedOn)
}

/**
 * What any program can do wrong beside ending, whatever the exercise: read from the exchange a
 * claim failed on and what was noticed.
 */
export function genericFault(evidence: Evidence, failedOn: Exchange | null): Diagnosis | undefined {
  if (failedOn === null) return nothingArrived(evidence)
  if (wasCutByScenario(failedOn)) return undefined
  return (
    headFault(failedOn) ??
    brokenAnswer(failedOn) ??
    redirectLoop(evidence, failedOn) ??
    (failedOn.response?.complete ? undefined : noAnswer(evidence, failedOn))
  )
}

/**
 * That a script of the page did not run, or not to its end. This explains what did not happen, not
 * what came wrong over the wire.
 */
export function pageFault({ remarks }: Evidence): Diagnosis | undefined {
  const ids = ['missing-module', 'script-refused', 'page-threw']
  return ids.flatMap((id) => remarks.find((remark) => remark.id === id) ?? [])[0]
}

/**
 * Why a scenario could not go on with the learner's page: what the page's answer or script did
 * wrong, or else that it lacks what it was to have.
 */
export function stoppedFault(evidence: Evidence, cameAs: Exchange | null): Diagnosis | undefined {
  const before = cameAs ? genericFault(evidence, cameAs) : nothingArrived(evidence)
  if (before) return before
  const ofPage = pageFault(evidence)
  if (ofPage || !evidence.stopped) return ofPage
  const { status = 200 } = cameAs?.response ?? {}
  const asked = cameAs ? `${cameAs.request.method} ${cameAs.request.target}` : 'it'
  if (status >= 400)
    return {
      id: 'page-lacks',
      say: `Your program answered ${asked} with ${status}, so Chromium showed a page without what a visitor needs next.`,
    }
  const [lacks] = evidence.stopped.received.split(';')
  return { id: 'page-lacks', say: `A visitor could not go on, because ${lacks}.` }
}

/** That a program ended after it had answered everything. Nobody is there for the next request. */
export function endedAfterwards({ exit, log, exchanges }: Evidence): Diagnosis | undefined {
  if (exit === null) return undefined
  if (exit.code === 0)
    return {
      id: 'ended-after',
      say: 'Your program answered, then exited with code 0, though more may be asked of it.',
    }
  const last = exchanges.findLast(
    ({ origin, startedAt, response, cut }) =>
      origin === undefined &&
      startedAt <= exit.at &&
      !response?.complete &&
      cut !== null &&
      cut !== 'refused',
  )
  const at = last ? ` at ${last.request.method} ${last.request.target}` : ''
  return (
    outOfMemory(log) ??
    crashed(
      'crashed-after',
      `Your program answered this, then crashed${at} (it ${howItEnded(exit)})`,
      exit,
      log,
    )
  )
}

/**
 * The end of a program explains a request that began before it or found nobody listening; not one
 * that had long been hanging, or that came after a new start.
 */
function explains({ exit, until }: Crash, failedOn: Exchange | null): boolean {
  if (failedOn === null) return true
  return failedOn.startedAt < until && (failedOn.cut !== null || exit.at >= failedOn.startedAt)
}

function crash({ exit, log }: Crash, failedOn: Exchange | null): Diagnosis {
  const memory = outOfMemory(log)
  if (memory) return memory
  const how = howItEnded(exit)
  const when =
    failedOn === null
      ? 'in the middle'
      : failedOn.startedAt <= exit.at
        ? 'while this request was under way'
        : 'before this request came'
  return crashed('crashed', `Your program ${how} ${when}`, exit, log)
}

function crashed(id: string, what: string, exit: ProgramExit, log: string): Diagnosis {
  const lines = log.trimEnd().split('\n')
  const error = lastError(lines)
  const who = whoEndedIt(exit)
  const printed = lines.at(-1)!.trim() || `it printed nothing${who && `.${who}`}`
  return { id, say: `${what}: ${error ?? printed}`, ...(error !== undefined && { crash: error }) }
}

function outOfMemory(log: string): Diagnosis | undefined {
  return OUT_OF_MEMORY.test(log)
    ? {
        id: 'memory',
        say: 'Your program used more memory than it may have (512 MB of objects, 1 GB in all) and was ended.',
      }
    : undefined
}

function nothingArrived({ remarks }: Evidence): Diagnosis | undefined {
  return remarks.find(
    ({ id }) =>
      id === 'service-worker' || id === 'tab-crashed' || id === 'download' || id === 'led-nowhere',
  )
}

/** What is wrong before there is a response of which anything else could be said. */
function headFault({ garbage, response, cut }: Exchange): Diagnosis | undefined {
  if (garbage)
    return {
      id: 'not-http',
      say: `The first bytes of your answer were \`${firstBytes(garbage)}\`; a response begins with a status line such as HTTP/1.1 200 OK.`,
    }
  if (response?.refused !== undefined)
    return {
      id: 'refused-head',
      say: `Chromium refuses the head of this answer: ${response.refused}.`,
    }
  if (response && !isHeadWhole(response) && cut !== 'capped')
    return {
      id: 'unfinished-head',
      say: 'The head of your answer never ended. An empty line ends it: CR LF twice after the last field.',
    }
  return undefined
}

function brokenAnswer({ response }: Exchange): Diagnosis | undefined {
  if (response && response.head.length > LONGEST_HEAD) {
    const [name, value] = response.headers.toSorted(([, a], [, b]) => b.length - a.length)[0] ?? [
      '',
      '',
    ]
    return {
      id: 'huge-head',
      say: `The head of your answer has ${kilobytes(response.head.length)}; the field ${name} alone has ${kilobytes(value.length)}. Browsers give up on such a head.`,
    }
  }
  const unreadable = response?.complete ? contentProblem(response) : undefined
  if (unreadable !== undefined) return { id: 'content-coding', say: unreadable }
  return undefined
}

function noAnswer({ remarks }: Evidence, failedOn: Exchange): Diagnosis {
  const asked = summary(failedOn).replace(/ →.*/, '')
  const loop = remarks.find(({ id }) => id === 'endless-loop')
  if (loop) return loop
  if (failedOn.cut === 'capped')
    return {
      id: 'endless-body',
      say: failedOn.response
        ? `The answer to ${asked} went on and on; the grader cut it off after ${megabytes(contentLength(failedOn.response))}.`
        : `The answer to ${asked} began again and again, or its head went on and on; the grader cut it off after ${megabytes(LONGEST_HEAD_AT_ALL)}.`,
    }
  if (failedOn.cut === 'refused')
    return {
      id: 'connection-lost',
      say: `Your program no longer accepted connections when ${asked} came.`,
    }
  if (failedOn.cut)
    return {
      id: 'connection-lost',
      say: `Your program ended the connection of ${asked} before the answer was complete.`,
    }
  if (failedOn.response) {
    const { headers } = failedOn.response
    const length = contentLength(failedOn.response)
    const promised = header(headers, 'Content-Length')
    const doubt =
      promised === undefined
        ? ''
        : `, and are there the ${promised} bytes that Content-Length promises`
    return {
      id: 'endless-body',
      say: `The head of the answer to ${asked} came, its content never ended (${length} ${length === 1 ? 'byte' : 'bytes'} ${inSeconds(failedOn)}). Is the response ended on every path${doubt}?`,
    }
  }
  return {
    id: 'no-answer',
    say: `${asked} got no answer ${inSeconds(failedOn)}. Is the response ended on every path?`,
  }
}

function firstBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 40)).toString('latin1').split(/\r?\n/, 1)[0]!
}

/** A class by its name, also a DOMException and Python's `binascii.Error`. */
const NAMES_ERROR = /^\s*(?:(?:[\w$]+\.)*[\w$]*(?:Error|Exception\b)|panic|Traceback)/

function lastError(lines: readonly string[]): string | undefined {
  const index = lines.findLastIndex((line) => NAMES_ERROR.test(line))
  return index === -1 ? undefined : `${lines[index]!.trim()}${placeIn(lines.slice(index + 1))}`
}

/**
 * ` (server.ts line 9)`: of a stack that Node printed, the first frame that is the learner's own.
 */
function placeIn(stack: readonly string[]): string {
  const own = stack.find(
    (line) => /^\s+at .*file:\/\//.test(line) && !line.includes('/node_modules/'),
  )
  const [, file, line] = /([^/]+):(\d+):\d+\)?$/.exec(own ?? '') ?? []
  return file === undefined ? '' : ` (${file} line ${line})`
}

function contentLength({ body, rest }: Response): number {
  return body.length + (rest?.bytes ?? 0)
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024)} kB`
}
