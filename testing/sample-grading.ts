import { programLabel } from '../grader/record/program/learner-program.ts'
import { setTimeout as wait } from 'node:timers/promises'
import type {
  CheckResult,
  Evidence,
  Exchange,
  GradeEvent,
  Message,
  Report,
} from '../grader/types/index.ts'
import type { Grade } from '../server/runs/runs.ts'

/** For tests: a check that failed, with all a failure can carry. `changes` replaces parts of it. */
export function fixtureCheck(changes: Partial<CheckResult> = {}): CheckResult {
  return {
    id: 'lifetime',
    title: 'The cookie was set to live 10 seconds',
    outcome: 'failed',
    findings: [
      {
        claim: 'token is set with Max-Age=10',
        expected: 'Max-Age=10',
        received: 'Max-Age=0',
        holds: false,
        exhibit: {
          kind: 'message',
          exchange: 1,
          side: 'response',
          summary: 'GET /start → 200',
          lines: [{ text: 'Set-Cookie: token=9f2c81; Max-Age=0; Path=/', mark: [26, 35] }],
        },
      },
    ],
    exhibits: [],
    diagnosis: {
      id: 'express-milliseconds',
      say: 'Zero seconds: Chromium dropped the cookie at once.',
    },
    reproduce: ['curl -i http://127.0.0.1:3000/start'],
    reread: {
      lesson: 'first-lesson',
      lessonTitle: 'The first lesson',
      anchor: 'how-long',
      heading: 'How long it lives',
    },
    spec: 'RFC 6265bis §5.6',
    atMs: 140,
    ...changes,
  }
}

/** For tests: the report of a run. */
export function fixtureReport(run: string, changes: Partial<Report> = {}): Report {
  return {
    exercise: 'say-hello',
    title: 'Say hello',
    verdict: 'failed',
    checks: [
      fixtureCheck(),
      fixtureCheck({ id: 'after', title: 'It ended', outcome: 'skipped', needs: 'lifetime' }),
    ],
    startedAt: new Date().toISOString(),
    durationMs: 612,
    run,
    program: 'work/say-hello/server.ts',
    notes: [],
    ...changes,
  }
}

/** For tests: one scenario with one exchange, its response's content and the program's log. */
export function fixtureEvidence({ body = 'hello', log = '' } = {}): Evidence {
  return {
    scenario: 'Chromium opens /start',
    recorded: {},
    exchanges: [fixtureExchange(body)],
    log,
    exit: null,
    remarks: [],
  }
}

function fixtureExchange(body: string): Exchange {
  const message = (head: string, content: string): Message => ({
    startLine: head.split('\r\n')[0]!,
    headers: head
      .split('\r\n')
      .slice(1, -2)
      .map((line) => line.split(': ') as [string, string]),
    head: Buffer.from(head),
    body: Buffer.from(content),
    complete: true,
    startedAt: 0,
    endedAt: 1,
  })
  return {
    kind: 'exchange',
    id: 1,
    connection: 1,
    startedAt: Date.now(),
    request: {
      ...message('GET /start HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n', ''),
      method: 'GET',
      target: '/start',
      path: '/start',
    },
    response: {
      ...message('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n', body),
      status: 200,
      reason: 'OK',
    },
    garbage: null,
    cut: null,
  }
}

/** What a scripted grading may do: say what happens, and wait until the test lets it go on. */
export interface Script {
  readonly run: string
  emit(event: GradeEvent): void
  /** Rejects when the run is stopped. */
  step(name: string): Promise<void>
}

export interface ScriptedGrade {
  readonly grade: Grade
  /** Lets the next grading that waits at this step go on, as soon as it is there. */
  release(step: string): Promise<void>
  /** How many gradings were begun. */
  begun(): number
}

/**
 * For tests: a stand-in for `gradeExercise` that plays a script. Without one it fails one check at
 * once.
 */
export function scriptedGrade(
  play: (script: Script) => Promise<Report> = playFailure,
): ScriptedGrade {
  const gates = new Map<string, (() => void)[]>()
  let begun = 0
  return {
    begun: () => begun,
    async release(step) {
      while (!gates.get(step)?.length) await wait(2)
      gates.get(step)!.shift()!()
    },
    async grade({ run, program, onEvent = () => {}, signal }) {
      begun += 1
      const step = (name: string) =>
        new Promise<void>((resolve, reject) => {
          gates.set(name, [...(gates.get(name) ?? []), resolve])
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
        })
      const played = await play({ run, emit: onEvent, step })
      const report = { ...played, program: programLabel(program) }
      onEvent({ type: 'finished', report })
      return { report, evidence: [fixtureEvidence()] }
    },
  }
}

/** The events of a grading that begins: started, ready. */
export function begin({ run, emit }: Script): void {
  const checks = fixtureReport(run).checks.map(({ id, title }) => ({ id, title }))
  emit({
    type: 'started',
    run,
    exercise: 'say-hello',
    title: 'Say hello',
    program: 'work/say-hello/server.ts',
    checks,
  })
  emit({ type: 'ready', ms: 120 })
}

async function playFailure(script: Script): Promise<Report> {
  begin(script)
  const report = fixtureReport(script.run)
  for (const result of report.checks) script.emit({ type: 'check', result })
  return report
}
