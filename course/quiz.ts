import { scanFences, type Fence } from './fences.ts'
import type { Option, Question } from './types.ts'

/** A mistake in a quiz block. `index` is the line within the markdown, from 0. */
export interface QuizMistake {
  readonly index: number
  readonly message: string
  readonly remedy: string
}

export interface PlacedQuestion extends Question {
  /** Index of the block's opening line within the markdown, from 0. */
  readonly index: number
}

export interface Quiz {
  /** The questions without a mistake, in order. */
  readonly questions: readonly PlacedQuestion[]
  readonly mistakes: readonly QuizMistake[]
}

/** Reads the questions of a lesson: fenced blocks ```` ```quiz id=where-is-the-state ````. */
export function parseQuiz(markdown: string): Quiz {
  const questions: PlacedQuestion[] = []
  const mistakes: QuizMistake[] = []
  for (const fence of scanFences(markdown).fences) {
    if (!/^quiz\b/.test(fence.info)) continue
    const { question, mistakes: found } = parseQuestion(fence.info, fence.lines, fence.start)
    mistakes.push(...found)
    if (found.length === 0) questions.push({ ...question, index: fence.start })
  }
  return { questions, mistakes }
}

/**
 * Reads one block. A line that starts with neither `(x)`, `( )` nor `=` goes on with what stands before it. The id is empty when
 * the block has none; a renderer calls this with what the loader has found free of mistakes.
 */
export function parseQuestion(info: string, lines: Fence['lines'], start = 0): { question: Question, mistakes: QuizMistake[] } {
  const mistakes: QuizMistake[] = []
  const mistake = (index: number, message: string, remedy: string): void => void mistakes.push({ index, message, remedy })

  const id = /^quiz[ \t]+id=(\S+)$/.exec(info)?.[1] ?? ''
  if (id === '') mistake(start, 'This question has no id.', 'Open the block with ```quiz id=a-short-name, and nothing after it.')

  const text: string[] = []
  const options: { text: string[], correct: boolean, index: number }[] = []
  let explanation: string[] | undefined
  for (const [offset, line] of lines.entries()) {
    const index = start + 1 + offset
    const option = /^\(([^)]{0,3})\)[ \t]*(.*)$/.exec(line)
    const opensExplanation = /^=[ \t]*(.*)$/.exec(line)
    if (opensExplanation && !explanation) {
      explanation = [opensExplanation[1]!]
    } else if (explanation) {
      if (option) mistake(index, 'This option stands after the explanation.', 'Move it above the line that starts with "=".')
      explanation.push(line)
    } else if (option && /^[ xX]$/.test(option[1]!)) {
      options.push({ text: [option[2]!], correct: option[1] !== ' ', index })
    } else if (option) {
      mistake(index, `This option starts with "(${option[1]})".`, 'Start it with "(x)" when it is right and with "( )" when it is wrong.')
    } else {
      (options.at(-1)?.text ?? text).push(line)
    }
  }

  const question: Question = {
    id,
    text: joined(text),
    options: options.map((each): Option => ({ text: joined(each.text), correct: each.correct })),
    explanation: joined(explanation ?? []),
  }
  const right = question.options.filter((each) => each.correct).length
  if (question.text === '') mistake(start, 'This question has no text.', 'Write the question above its options.')
  if (question.options.length < 2) {
    mistake(start, `This question has ${question.options.length === 1 ? '1 option' : 'no options'}.`, 'Give it at least two, each on a line that starts with "(x)" or "( )".')
  } else if (right === 0) {
    mistake(start, 'No option of this question is right.', 'Mark the right one with "(x)".')
  }
  if (right > 1) mistake(start, `${right} options of this question are marked as right.`, 'Leave "(x)" on one of them and write "( )" before the others.')
  for (const [position, option] of question.options.entries()) {
    const { index } = options[position]!
    if (option.text === '') mistake(index, 'This option has no text.', 'Write what it says after the parentheses.')
    else if (question.options.findIndex((each) => each.text === option.text) < position) {
      mistake(index, 'This option stands twice.', 'Give each option its own text: answers are kept by it.')
    }
  }
  if (question.explanation === '') mistake(start, 'This question has no explanation.', 'End the block with a line "= …" that says why the right option is right.')
  return { question, mistakes }
}

function joined(lines: readonly string[]): string {
  return lines.join('\n').trim()
}
