import { readNames, type NewPerson } from '../../../class/people/read-names.ts'
import { cardsCsv } from '../../../class/people/cards-csv.ts'
import { addPeople, type Role } from '../../../class/people/roster.ts'
import { requireSameSecret } from '../../../class/people/same-secret.ts'
import { npmRun } from '../../../course/command-line.ts'
import { resolvePaths } from '../../../course/paths.ts'
import { explainFileError } from '../../../course/read/file-error.ts'
import { readOrdinaryText } from '../../../course/read/read-file.ts'
import { inTransaction } from '../../../store/postgres/in-transaction.ts'
import type { ExitCode } from '../../exit-code.ts'
import { UsageError } from '../../explain-error.ts'
import { resolveUserPath } from '../../options/invocation-directory.ts'
import { chosenSecret } from './chosen-secret.ts'
import { openOut } from './write-out.ts'
import { withClass } from './with-class.ts'

export interface RosterOptions {
  readonly teacher?: string
  readonly out?: string
}

/**
 * Adds people to the class, and gives their cards. A code is shown this once: of what was issued only
 * a hash is kept, so nobody is added whose card could not be written.
 * @throws UsageError, FileError, StoreError
 */
export async function addToRoster(
  file: string | undefined,
  { teacher, out }: RosterOptions,
): Promise<ExitCode> {
  const { people, remarks } = chosenPeople(file, teacher)
  const role: Role = teacher === undefined ? 'learner' : 'teacher'
  remarks.forEach(remark)
  if (people.length === 0) throw new UsageError('Nobody was added: the list names nobody.')
  const document = openOut(out)
  const secret = chosenSecret(resolvePaths().state)
  return withClass(async (pool) => {
    await requireSameSecret(pool, secret)
    const { cards, known } = await inTransaction(pool, async (transaction) => {
      const added = await addPeople(transaction, people, secret, role)
      if (added.cards.length > 0) document.write(cardsCsv(added.cards))
      return added
    })
    for (const { name } of known) remark(`${name} is in the class already and keeps their code.`)
    remark(
      `${cards.length === 1 ? '1 person was' : `${cards.length} people were`} added.${cards.length === 0 || out === undefined ? '' : ` Their cards are in ${out}: the codes are nowhere else.`}`,
    )
    return 0
  })
}

function chosenPeople(file: string | undefined, teacher: string | undefined) {
  if ((file === undefined) === (teacher === undefined))
    throw new UsageError(
      `Who? A file with a name on each line: ${npmRun('class', ['roster', 'names.csv'])}. Or a teacher: ${npmRun('class', ['roster', '--teacher', 'Ada Lovelace'])}`,
    )
  if (teacher === undefined) return readNames(textOf(file!))
  const { people } = readNames(teacher)
  const [only] = people
  if (people.length !== 1 || !only)
    throw new UsageError('--teacher takes the name of one person: --teacher "Ada Lovelace"')
  return { people: [only] satisfies NewPerson[], remarks: [] }
}

function textOf(file: string): string {
  try {
    return readOrdinaryText(resolveUserPath(file))
  } catch (error) {
    throw explainFileError(error, `read ${file}`)
  }
}

/** Standard output holds the cards alone. */
function remark(text: string): void {
  process.stderr.write(`${text}\n`)
}
