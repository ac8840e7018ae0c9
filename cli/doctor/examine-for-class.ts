import { examineBox, type BoxExamination } from '../../class/box/examine/examine-box.ts'
import { postgresAtHand, type PostgresAtHand } from '../../class/postgres/postgres-at-hand.ts'
import type { Paths } from '../../course/paths.ts'
import type { Examination } from './examine-machine.ts'

/** Whether this machine could serve a class, and grade for one. Nothing is installed for it. */
export async function examineForClass(
  paths: Paths,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Examination> {
  const [postgres, box] = [await postgresAtHand(env, paths), await examineBox()]
  return classRemark(postgres, box)
}

/** A remark, never a fault: a learner's machine needs neither. */
export function classRemark(postgres: PostgresAtHand, box: BoxExamination): Examination {
  const found = `${postgres.says}; ${box.says.replace(/\.$/, '')}`
  return {
    good: true,
    says: `For a class only: this machine ${abilityOf(postgres.good, box.good)} (${found}).`,
    remedy: [...postgres.remedy, ...(box.remedy ?? [])],
  }
}

function abilityOf(serves: boolean, grades: boolean): string {
  if (serves && grades) return 'can serve and grade'
  if (serves) return 'can serve, and workers have to run elsewhere'
  return grades ? 'can grade, but not serve' : 'can neither serve nor grade'
}
