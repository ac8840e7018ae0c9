import type { CheckResult, Evidence, Exhibit, Report } from '../../types/index.ts'
import type { Picture } from './picture.ts'
import { chartPicture } from './cookie-chart.ts'
import { sequencePicture } from './sequence.ts'
import { waterfallPicture } from './waterfall.ts'

export { anatomyOf, hexRows, type ByteLine, type Part } from './anatomy.ts'
export type { Picture, TextAlternative } from './picture.ts'
export { pictureFile, pictureStyleFile } from './picture-file.ts'
export { sequencePicture } from './sequence.ts'
export { sequenceSteps, type Step } from './sequence-steps.ts'
export { writtenSequence, type WrittenStep } from './written-sequence.ts'
export { waterfallPicture } from './waterfall.ts'
export { chartPicture, chartSummary } from './cookie-chart.ts'

/**
 * The pictures of one scenario: who said what to whom, and over which connections. None when
 * nothing crossed the wire. `index` from 0.
 */
export function scenarioPictures(evidence: Evidence, index: number, origin: number): Picture[] {
  if (evidence.exchanges.length === 0) return []
  return [
    sequencePicture(evidence, { id: `sequence-${index + 1}`, origin }),
    waterfallPicture(evidence.scenario, evidence.exchanges, {
      id: `connections-${index + 1}`,
      origin,
    }),
  ]
}

/**
 * The exhibits of a check, each with the id by which it is found again: on the run's page and among
 * its files.
 */
export function exhibitIds({
  id,
  exhibits,
  findings,
}: Pick<CheckResult, 'id' | 'exhibits' | 'findings'>): Map<Exhibit, string> {
  const all = [...exhibits, ...findings.flatMap(({ exhibit }) => exhibit ?? [])]
  return new Map(all.map((exhibit, index) => [exhibit, `${exhibit.kind}-${id}-${index + 1}`]))
}

/** Every picture on a run's page: of its scenarios, and of its checks. Each has its own id. */
export function runPictures(report: Report, evidence: readonly Evidence[]): Picture[] {
  const origin = Date.parse(report.startedAt)
  const exhibits = report.checks.flatMap((check) =>
    [...exhibitIds(check)].flatMap(([exhibit, id]) =>
      exhibit.kind === 'cookie-chart' ? [chartPicture(exhibit, { id })] : [],
    ),
  )
  return [...evidence.flatMap((each, index) => scenarioPictures(each, index, origin)), ...exhibits]
}
