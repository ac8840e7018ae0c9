import type { Exercise } from '../../../course/types.ts'

/** A place in a text. Both count from 0; `character` in UTF-16 code units, as JavaScript does. */
export interface Place {
  readonly line: number
  readonly character: number
}

/** Something wrong with what is typed. */
export interface Problem {
  readonly from: Place
  readonly to: Place
  /** error: the program cannot start. warning: a type is wrong, and nothing checks it at run time. */
  readonly severity: 'error' | 'warning'
  readonly message: string
}

export interface Completion {
  readonly label: string
  /** What it is, as CodeMirror names it: `method`, `property`, `keyword` … */
  readonly type: string
  /** What is written for it, where that isn't the label. */
  readonly insert?: string
  /** Where what it replaces begins, where that isn't the word before the cursor. */
  readonly from?: Place
}

/** A file of an exercise with what is typed in it. */
export interface TypedFile {
  readonly exercise: Exercise
  readonly name: string
  readonly text: string
}
