import { stringify } from 'csv-stringify/sync'
import type { Card } from './roster.ts'

/** Cards as CSV with the columns name, id and code. A cell that begins as a formula is text. */
export function cardsCsv(cards: readonly Card[]): string {
  const rows = cards.map(({ name, rosterId, code }) => [name, rosterId ?? '', code])
  return stringify([['name', 'id', 'code'], ...rows], { escape_formulas: true })
}
