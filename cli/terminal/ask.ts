import { UsageError } from '../explain-error.ts'

export interface Question {
  /** The option that answers it on the command line: `--title`. */
  readonly option: string
  readonly text: string
  /** What an empty answer means. */
  readonly suggestion?: string
  /** The answers there are. */
  readonly choices?: readonly string[]
}

/**
 * The answers: what was given, else what the person at the terminal says. Without a terminal there
 * is nobody to ask.
 * @throws UsageError that names every option that is missing, or an answer that is none of the
 * choices.
 */
export async function ask<Name extends string>(
  questions: Readonly<Record<Name, Question>>,
  given: Readonly<Partial<Record<NoInfer<Name>, string>>>,
): Promise<Record<Name, string>> {
  const names = Object.keys(questions) as Name[]
  const answers = {} as Record<Name, string>
  const open = names.filter((name) => given[name] === undefined)
  for (const name of names)
    if (given[name] !== undefined) answers[name] = checked(questions[name], given[name]!)
  if (open.length === 0) return answers

  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    const missing = open.filter((name) => questions[name].suggestion === undefined)
    if (missing.length > 0)
      throw new UsageError(
        `Nobody is there to ask. Add ${missing.map((name) => explained(questions[name])).join(' and ')}.`,
      )
    for (const name of open) answers[name] = questions[name].suggestion!
    return answers
  }
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    for (const name of open)
      answers[name] = await askOne(questions[name], (text) => terminal.question(text))
    return answers
  } finally {
    terminal.close()
  }
}

async function askOne(question: Question, say: (text: string) => Promise<string>): Promise<string> {
  const { text, suggestion, choices } = question
  const hint = [choices?.join(', '), suggestion === undefined ? undefined : `Enter: ${suggestion}`]
    .filter((part) => part !== undefined)
    .join('; ')
  for (;;) {
    const answer = (await say(`${text}${hint === '' ? '' : ` (${hint})`} `)).trim() || suggestion
    if (answer !== undefined && (choices?.includes(answer) ?? true)) return answer
  }
}

function checked(question: Question, answer: string): string {
  if (answer.trim() === '') throw new UsageError(`${question.option} is empty.`)
  if (question.choices && !question.choices.includes(answer))
    throw new UsageError(
      `${question.option} ${answer} is not one of: ${question.choices.join(', ')}.`,
    )
  return answer
}

function explained({ option, choices }: Question): string {
  return choices === undefined ? option : `${option} (${choices.join(', ')})`
}
