import type { Scenario } from '../scenario.ts'
import { scenariosOf, type Checks } from './run-checks.ts'

/**
 * The scenarios without a set-up of an exercise in which another one has one. Each scenario has a
 * program of its own, so theirs lack the environment, without a word. `setUp: () => ({})` says that
 * this is meant.
 */
export function lackingSetUps(
  checks: Checks,
): { readonly lacks: Scenario<any>; readonly has: Scenario<any> }[] {
  const all = [...scenariosOf(checks)]
  const has = all.find(({ setUp }) => setUp !== undefined)
  if (!has) return []
  return all.filter(({ setUp }) => setUp === undefined).map((lacks) => ({ lacks, has }))
}
