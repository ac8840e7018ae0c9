import type { ServerKit } from './gather/server-kit.ts'

/** Something done to the learner's program. It touches the world and returns plain facts; judging them is a check's business. */
export interface Scenario<Facts> {
  /** What happens, in one line: `Chromium opens /report, then reloads it`. */
  readonly title: string
  readonly gather: (kit: ServerKit) => Promise<Facts>
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
 * Defines a scenario. It runs when a check that needs it is reached, against a fresh process and a fresh browser context, at most once
 * per run. The facts it returns must be plain data: what the kit gives back, and values made of it.
 */
export function scenario<Facts>(title: string, gather: (kit: ServerKit) => Promise<Facts>): Scenario<Facts> {
  return { title, gather }
}

/** Scenarios that run side by side, each once and on its own; the check is given the facts of all of them under their names. */
export function together<Parts extends Record<string, Scenario<any>>>(parts: Parts): Together<{ [Name in keyof Parts]: FactsOf<Parts[Name]> }> {
  return { title: Object.values(parts).map(({ title }) => title).join('; '), parts }
}

type FactsOf<Part> = Part extends Scenario<infer Facts> ? Facts : never
