/** A mistake within a markdown text. */
export interface TextMistake {
  /** From 0, within the markdown. */
  readonly index: number
  /** From 1. */
  readonly column: number
  readonly message: string
  readonly remedy: string
}
