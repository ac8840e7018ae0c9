/** Something about a mutant's patch that its author can fix. */
export class PatchError extends Error {
  /** Of the patch, from 1. */
  readonly line: number
  /** What to do, as a sentence. */
  readonly remedy: string

  constructor(message: string, line: number, remedy: string) {
    super(message)
    this.name = 'PatchError'
    this.line = line
    this.remedy = remedy
  }
}
