import type { Problem } from './problem.ts'

/** What a course is made of. Everything here is read-only data, loaded once from markdown files. */

export interface Course {
  readonly id: string
  readonly title: string
  readonly summary: string
  /** Markdown shown at the top of the course page. */
  readonly introduction: string
  /** Its lessons are held to the house style (docs/authoring.md, "The shape of a lesson"). */
  readonly houseStyle: boolean
  /** Absolute path of the folder that holds `lessons/` and `exercises/`. */
  readonly root: string
  readonly sections: readonly Section[]
  /** Exercises that have mistakes, and so are in no lesson. Left out where there are none. */
  readonly refused?: readonly RefusedExercise[]
}

export interface RefusedExercise {
  readonly id: string
  readonly problems: readonly Problem[]
}

export interface Section {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly lessons: readonly Lesson[]
}

export interface Lesson {
  readonly id: string
  readonly title: string
  /** Reading time. */
  readonly minutes: number
  readonly objectives: readonly string[]
  /** Ids of the lessons that are recommended first. */
  readonly needs: readonly string[]
  /** It prepares for the lessons: short, without server code, questions or exercises. */
  readonly primer: boolean
  /** The prose, without front matter. Quiz questions stand in it as fenced `quiz` blocks. */
  readonly markdown: string
  readonly headings: readonly Heading[]
  readonly questions: readonly Question[]
  /** What each term that is bold in the lesson means, as markdown, by the term. */
  readonly terms: Readonly<Record<string, string>>
  /** By level, then id. */
  readonly exercises: readonly Exercise[]
  /** Absolute path of the markdown file. */
  readonly file: string
}

export interface Heading {
  /** The anchor: `#how-long-a-cookie-lives`, without the `#`. */
  readonly id: string
  readonly text: string
  readonly level: number
}

export interface Question {
  /** Unique within the course, so that kept answers survive a reordering. */
  readonly id: string
  readonly text: string
  readonly options: readonly Option[]
  /** Shown after the right answer, or on request. */
  readonly explanation: string
}

export interface Option {
  readonly text: string
  readonly correct: boolean
  /** Why a wrong option is tempting, and what is wrong with it. */
  readonly why?: string
}

/**
 * server: listens on PORT. client: a function or command run against an origin. page: a script
 * served to the browser.
 */
export type ExerciseKind = 'server' | 'client' | 'page'

export interface Exercise {
  readonly id: string
  readonly title: string
  /** Id of the lesson it belongs to. */
  readonly lesson: string
  readonly kind: ExerciseKind
  readonly level: 1 | 2 | 3
  /** What a learner needs, typically. */
  readonly minutes: number
  /** What a grading of a right solution takes, typically. */
  readonly gradingSeconds: number
  readonly hints: readonly Hint[]
  /** The task, markdown without front matter. */
  readonly task: string
  /**
   * Absolute path of the exercise's folder, with `stub/`, `solution/`, `mutants/` and `checks.ts`.
   */
  readonly dir: string
  /**
   * A shell command that starts the program in its folder, with PORT set: for other languages than
   * TypeScript.
   */
  readonly cmd?: string
  /**
   * The files of the stub, relative to `stub/`. The first one is what is started, unless that is
   * given.
   */
  readonly files: readonly [string, ...string[]]
  /**
   * The exercise's own part of the program, relative to `given/`: laid over the learner's files at
   * each grading. Left out where there is none.
   */
  readonly given?: readonly string[]
  /** The file of `given` that is started, where the learner's is not. */
  readonly entry?: string
}

export interface Hint {
  readonly text: string
  /** Id of the check it is about: it is shown before the others when that check failed. */
  readonly check?: string
}
