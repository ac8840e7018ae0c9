import { differences, isDifferent, type Comparison, type Difference } from './compare-heads.ts'

/** What a reader's guess was worth. */
export interface Ruling {
  readonly right: boolean
  /** Sentences: whether it was right, and what the recording shows. */
  readonly words: string
}

/** `said`: the guess. `why`: the sentence about the server's code. */
export function ruleOnHeads(said: Difference, comparison: Comparison, why: string): Ruling {
  const right = said === comparison.difference
  const verdict = right ? 'You were right.' : `Not quite: you said “${differences[said]}”.`
  return { right, words: `${verdict} ${whatDiffers(comparison)} ${why}` }
}

function whatDiffers({ difference, lines }: Comparison): string {
  const [status] = lines
  const length = lines.find(({ name }) => name.toLowerCase() === 'content-length')
  switch (difference) {
    case 'none':
      return length
        ? `Both heads say the same. So HEAD announced a length of ${length.head} bytes, and no byte followed.`
        : 'Both heads say the same, and neither has a length.'
    case 'length':
      return length!.head === null
        ? 'Content-Length is missing in the answer to HEAD. That’s permitted, but a client that wants to know the length doesn’t learn it.'
        : `Content-Length says ${length!.head} to HEAD and ${length!.get ?? 'nothing'} to GET, so one of them misleads the client.`
    case 'fields':
      return `${differing(lines.filter(isDifferent).map(({ name }) => name))}, so HEAD describes something other than what GET sends.`
    case 'status':
      return `GET got ${status!.get}, but HEAD got ${status!.head}.`
  }
}

function differing(names: readonly string[]): string {
  if (names.length === 1) return `${names[0]} differs`
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)} differ`
}
