import type { Kit, SetUp, SetUpKit } from './types/kit.ts'

/**
 * Something done to the learner's program, and what is known afterwards. `record` touches the
 * world; judging is a check's business.
 */
export interface Scenario<Facts> {
  /** What happens, in one line: `Chromium opens /report, then reloads it`. */
  readonly title: string
  /**
   * Runs before the program starts: what it draws and opens is handed to `record`, and its
   * environment to the program.
   */
  readonly setUp?: (kit: SetUpKit) => SetUp | Promise<SetUp>
  readonly record: (kit: Kit, setUp: any) => Promise<unknown>
  /**
   * Pure: runs after everything that was recorded is frozen, and again whenever the evidence is
   * judged. Without it, what `record` returned is the facts.
   */
  readonly facts?: (recorded: any) => Facts
}

/** Several scenarios whose facts are judged together. */
export interface Together<Facts> {
  readonly title: string
  readonly parts: Readonly<Record<string, Scenario<any>>>
  /** Never there: it carries the type of the facts. */
  readonly together?: Facts
}

/** What a check can be given. */
export type Given<Facts> = Scenario<Facts> | Together<Facts>

/** The scenarios whose facts a check is given. */
export function partsOf(given: Given<any>): Scenario<any>[] {
  return 'parts' in given ? Object.values(given.parts) : [given]
}

interface Steps<Prepared extends SetUp, Recorded, Facts> {
  readonly setUp?: (kit: SetUpKit) => Prepared | Promise<Prepared>
  readonly record: (kit: Kit, setUp: Prepared) => Promise<Recorded>
  readonly facts?: (recorded: Recorded) => Facts
}

/**
 * Defines a scenario. It runs when a check that needs it is reached, against a fresh process and a
 * fresh browser context, at most once per run.
 *
 * `setUp` makes what has to be there before the program starts: values for its environment, servers
 * whose addresses it gets. `record` returns plain data: what the kit gives back, and values made of
 * it. `facts` says in the exercise's words what was recorded; it is pure, so no fact is taken at
 * another moment than the rest.
 */
export function scenario<Prepared extends SetUp, Recorded, Facts = Recorded>(
  title: string,
  steps: Steps<Prepared, Recorded, Facts>,
): Scenario<Facts> {
  return { title, ...steps }
}

/**
 * Scenarios that run side by side, each once and on its own; the check gets the facts of all of
 * them under their names.
 */
export function together<Parts extends Readonly<Record<string, Scenario<any>>>>(
  parts: Parts,
): Together<{ readonly [Name in keyof Parts]: FactsOf<Parts[Name]> }> {
  const titles = Object.values(parts).map(({ title }) => title)
  return { title: titles.join('; '), parts }
}

type FactsOf<Part> = Part extends Scenario<infer Facts> ? Facts : never
