import type { Trial, Verification } from '../../verify/verify-exercise.ts'

const COLUMNS = [
  'exercise',
  'solution',
  'right',
  'stub',
  'mutants',
  'junk',
  'whole',
  'seconds',
] as const

/**
 * One row per exercise: how many of its programs earned what they should, and how much time passed
 * from its first grading to the end of its last.
 */
export function verifyTable(verifications: readonly Verification[]): string {
  const rows = [[...COLUMNS], ...verifications.map(rowOf)]
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === row.length - 1 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
        )
        .join('  '),
    )
    .join('\n')
}

function rowOf({ exercise, trials, problems, seconds }: Verification): string[] {
  const cell = (kind: Trial['kind']) => {
    const some = trials.filter((trial) => trial.kind === kind)
    const good = some.filter((trial) => trial.problems.length === 0).length
    return `${good === some.length && some.length > 0 ? '✓' : '✗'} ${good}/${some.length}`
  }
  return [
    exercise,
    cell('solution'),
    trials.some(({ kind }) => kind === 'right') ? cell('right') : '–',
    cell('stub'),
    cell('mutant'),
    cell('junk'),
    problems.length === 0 ? '✓' : `✗ ${problems.length}`,
    seconds.toFixed(0),
  ]
}
