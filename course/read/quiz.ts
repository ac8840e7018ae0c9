import { scanFences, type Fence } from './fences.ts'
import type { Option, Question } from '../types.ts'

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
 * Reads one block. A line that starts with neither `(x)`, `( )` nor `=` goes on with what stands
 * before it; one that is indented below a wrong option says what is wrong with it. The id is empty when the block has none; a renderer calls this with what the loader
 * has found free of mistakes.
 */
export function parseQuestion(
  info: string,
  lines: Fence['lines'],
  start = 0,
): {
  readonly question: Question
  /** Index of each option's line, from 0. */
  readonly optionLines: readonly number[]
  readonly mistakes: QuizMistake[]
} {
  const parts = splitBlock(lines, start + 1)
  const question: Question = {
    id: /^quiz[ \t]+id=(\S+)$/.exec(info)?.[1] ?? '',
    text: joined(parts.text),
    options: parts.options.map((option): Option => ({
      text: joined(option.text),
      correct: option.correct,
      ...(option.why.length > 0 && { why: joined(option.why) }),
    })),
    explanation: joined(parts.explanation),
  }
  const mistakes = wholeMistakes(question).map((mistake) => ({ index: start, ...mistake }))
  const lineOf = (position: number): number => parts.options[position]?.index ?? start
  return {
    question,
    optionLines: parts.options.map(({ index }) => index),
    mistakes: [...mistakes, ...parts.mistakes, ...optionMistakes(question.options, lineOf)],
  }
}

interface Block {
  readonly text: string[]
  readonly options: BlockOption[]
  readonly explanation: string[]
  readonly mistakes: QuizMistake[]
}

interface BlockOption {
  readonly text: string[]
  readonly why: string[]
  readonly correct: boolean
  readonly index: number
}

function splitBlock(lines: readonly string[], firstIndex: number): Block {
  const block: Block = { text: [], options: [], explanation: [], mistakes: [] }
  for (const [offset, line] of lines.entries()) {
    const index = firstIndex + offset
    const [, mark, optionText] = /^\(([^)]{0,3})\)[ \t]*(.*)$/.exec(line) ?? []
    const explaining = block.explanation.length > 0
    if (explaining && mark !== undefined) {
      const remedy = 'Move it above the line that starts with "=".'
      block.mistakes.push({ index, message: 'This option stands after the explanation.', remedy })
    } else if (explaining) {
      block.explanation.push(line)
    } else if (line.startsWith('=')) {
      block.explanation.push(line.slice(1))
    } else if (mark === undefined) {
      goOn(block, line, index)
    } else if (/^[ xX]$/.test(mark)) {
      block.options.push({ text: [optionText ?? ''], why: [], correct: mark !== ' ', index })
    } else {
      const remedy = 'Start it with "(x)" when it is right and with "( )" when it is wrong.'
      block.mistakes.push({ index, message: `This option starts with "(${mark})".`, remedy })
    }
  }
  return block
}

/** A line that begins nothing of its own. */
function goOn(block: Block, line: string, index: number): void {
  const option = block.options.at(-1)
  if (!option) block.text.push(line)
  else if (!/^ {2,}\S/.test(line)) (option.why.length > 0 ? option.why : option.text).push(line)
  else if (!option.correct) option.why.push(line.trim())
  else
    block.mistakes.push({
      index,
      message: 'This sentence is about the right option.',
      remedy: 'Write it into the explanation, which begins with "=": it is shown after it.',
    })
}

function wholeMistakes({ id, text, options, explanation }: Question): Omit<QuizMistake, 'index'>[] {
  const right = options.filter((option) => option.correct).length
  const count = options.length === 1 ? '1 option' : 'no options'
  const all: (Omit<QuizMistake, 'index'> & { readonly holds: boolean })[] = [
    {
      holds: id === '',
      message: 'This question has no id.',
      remedy: 'Open the block with ```quiz id=a-short-name, and nothing after it.',
    },
    {
      holds: text === '',
      message: 'This question has no text.',
      remedy: 'Write the question above its options.',
    },
    {
      holds: options.length < 2,
      message: `This question has ${count}.`,
      remedy: 'Give it at least two, each on a line that starts with "(x)" or "( )".',
    },
    {
      holds: options.length >= 2 && right === 0,
      message: 'No option of this question is right.',
      remedy: 'Mark the right one with "(x)".',
    },
    {
      holds: right > 1,
      message: `${right} options of this question are marked as right.`,
      remedy: 'Leave "(x)" on one of them and write "( )" before the others.',
    },
    {
      holds: explanation === '',
      message: 'This question has no explanation.',
      remedy: 'End the block with a line "= …" that says why the right option is right.',
    },
  ]
  return all.filter(({ holds }) => holds).map(({ message, remedy }) => ({ message, remedy }))
}

function optionMistakes(
  options: readonly Option[],
  lineOf: (position: number) => number,
): QuizMistake[] {
  return options.flatMap((option, position): QuizMistake[] => {
    const index = lineOf(position)
    if (option.text === '') {
      return [
        {
          index,
          message: 'This option has no text.',
          remedy: 'Write what it says after the parentheses.',
        },
      ]
    }
    if (options.findIndex((each) => each.text === option.text) === position) return []
    return [
      {
        index,
        message: 'This option stands twice.',
        remedy: 'Give each option its own text: answers are kept by it.',
      },
    ]
  })
}

function joined(lines: readonly string[]): string {
  return lines.join('\n').trim()
}
