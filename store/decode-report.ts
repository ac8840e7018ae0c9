import type { Report } from '../grader/types/index.ts'

/** A report as it was kept. In older ones a cookie chart has another name. */
export function decodeReport(text: string): Report {
  if (!/"kind": ?"ribbon"/.test(text)) return JSON.parse(text) as Report
  return JSON.parse(text, (key, value: unknown) =>
    key === 'kind' && value === 'ribbon' ? 'cookie-chart' : value,
  ) as Report
}
