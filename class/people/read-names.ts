import { parse } from 'csv-parse/sync'

/** A person as the teacher's list names them. */
export interface NewPerson {
  readonly name: string
  /** The school's own identifier. Null when the list has none. */
  readonly rosterId: string | null
}

/** What a list of names contains. */
export interface NameList {
  readonly people: readonly NewPerson[]
  /** Sentences about lines that were left out. */
  readonly remarks: readonly string[]
}

const MOST_PEOPLE = 10_000
const LONGEST = 200

/**
 * Reads a pasted list. Each line is a name, as it is: `Doe, Jane` is one person. After a tab, as
 * two columns of a spreadsheet are pasted, comes the school's own identifier. A list whose first
 * line names columns (`name`, `id`) is read as CSV with commas, semicolons or tabs. A person who
 * comes twice is taken once.
 */
export function readNames(text: string): NameList {
  const rows = linesOf(text)
  const remarks: string[] = []
  const people: NewPerson[] = []
  const known = new Set<string>()
  for (const { line, name, rosterId } of rows.rows) {
    const shown = clean(name)
    const id = clean(rosterId)
    const key = id === '' ? `name ${shown}` : `id ${id}`
    if (shown === '') remarks.push(`Line ${line} has no name.`)
    else if (shown.length > LONGEST || id.length > LONGEST)
      remarks.push(`Line ${line} is longer than ${LONGEST} characters.`)
    else if (known.has(key))
      remarks.push(`Line ${line}, ${id === '' ? shown : id}, is there a second time.`)
    else if (people.length >= MOST_PEOPLE)
      remarks.push(`Line ${line} is beyond the ${MOST_PEOPLE} people that a class may have.`)
    else {
      known.add(key)
      people.push({ name: shown, rosterId: id === '' ? null : id })
    }
  }
  return { people, remarks: [...rows.remarks, ...remarks] }
}

interface Rows {
  readonly rows: readonly {
    readonly line: number
    readonly name: string
    readonly rosterId: string
  }[]
  readonly remarks: readonly string[]
}

const NAME_COLUMNS = ['name', 'full name', 'display name', 'student', 'student name', 'learner']
const ID_COLUMNS = [
  'id',
  'sis login id',
  'sis user id',
  'login',
  'login id',
  'student id',
  'number',
]

function linesOf(text: string): Rows {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  const first = lines.findIndex((line) => line.trim() !== '')
  const header = lines[first] ?? ''
  const delimiter = ['\t', ';', ','].find((each) => isHeader(header.split(each)))
  if (delimiter === undefined) return { rows: lines.flatMap(plainLine), remarks: [] }
  return readCsv(lines.slice(first).join('\n'), delimiter, first)
}

function plainLine(text: string, index: number): Rows['rows'] {
  if (text.trim() === '') return []
  const [name = '', rosterId = ''] = text.split('\t')
  return [{ line: index + 1, name, rosterId }]
}

/** `name` alone is a header, too; a person of that name writes it with a capital and more. */
function isHeader(cells: readonly string[]): boolean {
  const columns = cells.map(columnName)
  return columnAmong(columns, NAME_COLUMNS) >= 0 && columns.every((column) => column !== '')
}

function readCsv(text: string, delimiter: string, before: number): Rows {
  let records: { info: { lines: number }; record: string[] }[]
  try {
    records = parse(text, {
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as typeof records
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { rows: [], remarks: [`The list cannot be read as CSV: ${reason}.`] }
  }
  const columns = records[0]!.record.map(columnName)
  const nameAt = columnAmong(columns, NAME_COLUMNS)
  const idAt = columnAmong(columns, ID_COLUMNS)
  return {
    rows: records.slice(1).map(({ info, record }) => ({
      line: info.lines + before,
      name: record[nameAt] ?? '',
      rosterId: record[idAt] ?? '',
    })),
    remarks: [],
  }
}

/** The place of the first of these names that is there, or -1. */
function columnAmong(columns: readonly string[], names: readonly string[]): number {
  return names.map((name) => columns.indexOf(name)).find((place) => place >= 0) ?? -1
}

function columnName(cell: string): string {
  return clean(cell.replaceAll('"', '')).toLowerCase()
}

/** Without characters that no name has: a card prints one line. */
function clean(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      character === '\u200D' ? character : ' ',
    )
    .replace(/\s+/gu, ' ')
    .trim()
}
