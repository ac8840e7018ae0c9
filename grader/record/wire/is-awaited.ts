import type { Exchange } from '../../types/index.ts'

/** True while more of the answer may come. */
export function isAwaited({ response, garbage, cut }: Exchange): boolean {
  return !response?.complete && garbage === null && cut === null
}
