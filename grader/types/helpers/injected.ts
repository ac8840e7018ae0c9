import type { Exchange } from '../index.ts'

/**
 * Whether the scenario itself cut an answer off, which the program would have gone on with: then
 * nobody is to blame that it is not whole.
 */
export function wasCutByScenario({ injected = [], response, cut }: Exchange): boolean {
  const isCut = injected.some(({ kind, moment }) => kind === 'cut' && moment === 'mid-response')
  return isCut && cut === null && !response?.complete
}

/** Whether the scenario took the client's connection away, before the answer or in the middle. */
export function isCutFromClient({ injected = [] }: Exchange): boolean {
  return injected.some(({ kind }) => kind === 'cut')
}
