/** A mistake in the course's own files, for its author. */
export interface Problem {
  /** Relative to the course, with forward slashes. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column?: number
  readonly message: string
  readonly remedy: string
  /** The line as it stands in the file, when a caret under `column` helps. */
  readonly excerpt?: string
}

/**
 * Thrown where a course with mistakes cannot be used. Its message is the whole list, ready to
 * print.
 */
export class CourseProblems extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems))
    this.name = 'CourseProblems'
    this.problems = problems
  }
}

/** The list as a person reads it: place, message, remedy. Plain text without colours. */
export function formatProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`
  return [`The course has ${count}.`, ...problems.map(formatProblem)].join('\n\n')
}

/** The same for what is no mistake. */
export function formatWarnings(warnings: readonly Problem[]): string {
  const places = warnings.length === 1 ? '1 place' : `${warnings.length} places`
  return [`${places} could read better.`, ...warnings.map(formatProblem)].join('\n\n')
}

function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column]
    .filter((part) => part !== undefined)
    .join(':')
  const lines = [place, `  ${problem.message}`]
  if (problem.excerpt !== undefined) {
    const indent = problem.excerpt.slice(0, (problem.column ?? 1) - 1).replace(/[^\t]/g, ' ')
    lines.push(`      ${problem.excerpt}`, `      ${indent}^`)
  }
  lines.push(`  ${problem.remedy}`)
  return lines.join('\n')
}

/** By file, then line: the order in which an author walks through them. */
export function inReadingOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => {
    if (a.file !== b.file) return a.file < b.file ? -1 : 1
    return a.line - b.line || (a.column ?? 0) - (b.column ?? 0)
  })
}
