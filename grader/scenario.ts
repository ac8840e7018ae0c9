import type { Kit, SetUp, SetUpKit } from './types/kit.ts'

/**
 * Something done to the learner's program. It touches the world and returns plain facts; judging
 * them is a check's business.
 */
export interface Scenario<Facts> {
  /** What happens, in one line: `Chromium opens /report, then reloads it`. */
  readonly title: string
  /**
   * Runs before the program starts: what it draws and opens is handed to `record`, and its
   * environment to the program.
   */
  readonly setUp: (kit: SetUpKit) => SetUp | Promise<SetUp>
  readonly record: (kit: Kit, setUp: any) => Promise<Facts>
}

/** Several scenarios whose facts are judged together. */
export interface Together<Facts> {
  readonly title: string
  readonly parts: Readonly<Record<string, Scenario<any>>>
  /** Never there: it carries the type of the facts. */
  readonly facts?: Facts
}

/** What a check can be given. */
export type Given<Facts> = Scenario<Facts> | Together<Facts>

/**
 * Defines a scenario. It runs when a check that needs it is reached, against a fresh process and a
 * fresh browser context, at most once per run. The facts it returns must be plain data: what the
 * kit gives back, and values made of it. Between title and scenario may stand what has to be there
 * before the program starts: values for its environment, servers it is told the addresses of.
 */
export function scenario<Facts>(
  title: string,
  record: (kit: Kit) => Promise<Facts>,
): Scenario<Facts>
export function scenario<Facts, Prepared extends SetUp>(
  title: string,
  setUp: (kit: SetUpKit) => Prepared | Promise<Prepared>,
  record: (kit: Kit, setUp: Prepared) => Promise<Facts>,
): Scenario<Facts>
export function scenario<Facts>(
  title: string,
  ...steps:
    | [record: Scenario<Facts>['record']]
    | [setUp: Scenario<Facts>['setUp'], record: Scenario<Facts>['record']]
): Scenario<Facts> {
  const [setUp, record] = steps.length === 2 ? steps : [() => ({}), steps[0]]
  return { title, setUp, record }
}

/**
 * Scenarios that run side by side, each once and on its own; the check is given the facts of all of
 * them under their names.
 */
export function together<Parts extends Record<string, Scenario<any>>>(
  parts: Parts,
): Together<{ [Name in keyof Parts]: FactsOf<Parts[Name]> }> {
  return {
    title: Object.values(parts)
      .map(({ title }) => title)
      .join('; '),
    parts,
  }
}

type FactsOf<Part> = Part extends Scenario<infer Facts> ? Facts : never
