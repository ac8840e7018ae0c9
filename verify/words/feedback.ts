import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { diff } from 'node:util'
import { npmRun } from '../../course/command-line.ts'
import type { Exercise } from '../../course/types.ts'
import { createTextReport } from '../../grader/report/index.ts'
import type { Report } from '../../grader/types/index.ts'
import { withPlaceholders, type Chance } from './placeholders.ts'

const COLUMNS = 80

/**
 * What a learner reads in a terminal after this run: 80 columns, no colours, placeholders for what
 * chance decides.
 */
export function feedbackText(report: Report, chance: Chance): string {
  let text = ''
  const render = createTextReport({
    write: (part) => void (text += part),
    columns: COLUMNS,
    colors: false,
    live: false,
    verbose: false,
    address: 'http://localhost:4321',
  })
  const shown = withPlaceholders(report, chance)
  const checks = shown.checks.map(({ id, title }) => ({ id, title }))
  render({
    type: 'started',
    run: shown.run,
    exercise: shown.exercise,
    title: shown.title,
    program: shown.program,
    checks,
  })
  for (const result of shown.checks) render({ type: 'check', result })
  render({ type: 'finished', report: shown })
  return `${text
    .replace(/ +0\.00 s$/gm, '')
    .replace(/ · 0\.0 s$/m, '')
    .replace(/\nThe whole run: .*$/m, '')
    .trim()}\n`
}

const MOST_LINES = 30

/** What a learner reads after this run, from the first failed check on, of a verdict that is wrong. */
export function whatWasSaid(report: Report, chance: Chance): string {
  const lines = feedbackText(report, chance).trimEnd().split('\n')
  const first = Math.max(
    0,
    lines.findIndex((line) => line.startsWith('  ✗')),
  )
  const said = lines.slice(first, first + MOST_LINES)
  return ['it was told:', ...said, ...(lines.length > first + MOST_LINES ? ['  …'] : [])].join('\n')
}

/**
 * True when two texts tell a learner the same. What was measured (numbers with a fraction) may
 * differ, and in a run that watched the clock a count by two: a request more or less is no other
 * wording.
 */
export function tellTheSame(kept: string, now: string, { timed }: { timed: boolean }): boolean {
  if (kept === now) return true
  const before = kept.split(NUMBER)
  const after = now.split(NUMBER)
  if (before.length !== after.length) return false
  return before.every((part, index) => {
    const other = after[index]!
    // At odd places stand the numbers, at even ones what is between them. A longer number wraps a
    // line elsewhere.
    if (index % 2 === 0) return part.replace(/\s+/g, ' ') === other.replace(/\s+/g, ' ')
    if (part === other) return true
    if (part.includes('.') || other.includes('.')) return true
    return timed && Math.abs(Number(part) - Number(other)) <= 2
  })
}

/** A number by itself: no version, no address, no paragraph of a standard, no part of a word. */
const NUMBER = /(?:(?<![\w.§/:=-])|(?<="\w+":))(\d+(?:\.\d+)?)(?![\w-]|\.\d)/

/**
 * The lines that differ, `-` as it is kept and `+` as it is now, with two lines of what is around
 * them.
 */
export function feedbackDiff(kept: string, now: string): string[] {
  const steps = diff(kept.split('\n'), now.split('\n'))
  const near = steps.map(
    ([change], index) =>
      change !== 0 || steps.slice(Math.max(0, index - 2), index + 3).some(([other]) => other !== 0),
  )
  // An operation of -1 stands only in the second text, one of 1 only in the first.
  return steps.flatMap(([change, line], index) =>
    near[index]
      ? [`${{ '-1': '+', '0': ' ', '1': '-' }[String(change) as '-1' | '0' | '1']} ${line}`]
      : near[index - 1]
        ? ['  …']
        : [],
  )
}

/**
 * What two gradings of the same program with the same values tell differently: something that chance
 * decides and that no placeholder stands for, so that no kept text can be right.
 */
export function feedbackChanges(
  before: Chance & { readonly report: Report },
  now: Chance & { readonly report: Report },
): string[] {
  const [was, is] = [before, now].map(({ report, ...chance }) => feedbackText(report, chance))
  if (tellTheSame(was!, is!, before)) return []
  return [['says something else than the first time', ...feedbackDiff(was!, is!)].join('\n')]
}

export interface KeptFeedback extends Chance {
  /** `feedback/milliseconds.txt`, in the exercise's folder. */
  readonly file: string
  /** Writes what is told now instead of comparing it. */
  readonly update: boolean
}

/**
 * Compares what a learner reads after this run with what was reviewed. Gives what is wrong, a diff
 * included.
 */
export function feedbackProblems(
  exercise: Exercise,
  report: Report,
  { file, update, ...chance }: KeptFeedback,
): string[] {
  const path = join(exercise.dir, file)
  const kept = existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : null
  const now = feedbackText(report, chance)
  if (kept !== null && tellTheSame(kept, now, chance)) return []
  if (update) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, now)
    return []
  }
  const remedy = `${npmRun('verify', [exercise.id, '--update'])} ${kept === null ? 'writes it' : 'keeps the new words'}; read them before you commit them`
  if (kept === null) return [`${file} is missing: ${remedy}`]
  return [[`says something else than ${file}; ${remedy}`, ...feedbackDiff(kept, now)].join('\n')]
}
