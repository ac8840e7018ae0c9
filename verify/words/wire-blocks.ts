import { readFileSync, writeFileSync } from 'node:fs'
import type { Lesson } from '../../course/types.ts'
import {
  parseWireBlocks,
  type WireBlock,
  type WrittenMessage,
} from '../../course/read/wire-blocks.ts'
import { bodyText } from '../../grader/judge/read/message.ts'
import type { Exchange, Message } from '../../grader/types/index.ts'
import { chanceLeftOut } from './placeholders.ts'

/**
 * What is wrong with the blocks of lessons that say they were recorded from this exercise's
 * reference solution: a message that no such run carries. With `update` an empty block is filled
 * first; an author then leaves out what is not the topic (`…`).
 */
export function wireBlockProblems(
  exercise: string,
  lessons: readonly Lesson[],
  recorded: readonly Exchange[],
  update: boolean,
): string[] {
  if (update) for (const lesson of lessons) fillEmptyBlocks(exercise, lesson, recorded)
  return lessons.flatMap((lesson) => {
    const { blocks, lineOf, file } = read(lesson, exercise)
    return blocks.flatMap((block) => {
      const where = `${file}:${lineOf(block.index)}`
      if (block.messages.length === 0)
        return [
          `${where} is an empty block; --update fills it with the exchange named after from=${exercise}#`,
        ]
      return block.messages
        .filter((message) => !isRecorded(message, recorded))
        .map(
          ({ lines }) =>
            `${where} shows “${lines[0]}” and what follows as no run of the solution carries it; record it again`,
        )
    })
  })
}

/** The blocks of this exercise as they stand in the files of the lessons now. */
export function wireBlocksFor(exercise: string, lessons: readonly Lesson[]): WireBlock[] {
  return lessons.flatMap((lesson) => read(lesson, exercise).blocks)
}

function read(
  { file, markdown }: Lesson,
  exercise: string,
): {
  blocks: WireBlock[]
  lineOf: (index: number) => number
  file: string
  text: string
  before: number
} {
  // Read again: an update may have filled a block, and an author changed one meanwhile.
  const text = readFileSync(file, 'utf8')
  const current = text.endsWith(markdown) ? markdown : text.slice(text.indexOf('\n---', 3) + 5)
  const before = text.slice(0, text.length - current.length).split('\n').length
  return {
    blocks: parseWireBlocks(current).filter((block) => block.exercise === exercise),
    lineOf: (index) => before + index,
    file: file.split(/[\\/]/).slice(-2).join('/'),
    text,
    before,
  }
}

function fillEmptyBlocks(exercise: string, lesson: Lesson, recorded: readonly Exchange[]): void {
  const { blocks, text, before } = read(lesson, exercise)
  const lines = text.split('\n')
  for (const { messages, request, index, length } of blocks.toReversed()) {
    if (messages.length > 0) continue
    const filled = (request?.split(',') ?? []).flatMap((asked) => {
      const exchange = recorded.find(
        (each) => `${each.request.method}${each.request.target}` === asked,
      )
      if (!exchange?.response) return []
      return ['→', ...shownLines(exchange.request), '', '←', ...shownLines(exchange.response), '']
    })
    if (filled.length > 0) lines.splice(before + index, length, ...filled.slice(0, -1))
  }
  if (lines.join('\n') !== text) writeFileSync(lesson.file, lines.join('\n'))
}

const MOST_BODY_LINES = 12

/** A message as a block shows it. The address is the one of every lesson. */
function shownLines(message: Message): string[] {
  const body = bodyText(message).replace(/\n$/, '').split('\n')
  const head = [
    message.startLine,
    ...message.headers.map(([name, value]) => `${name}: ${value}`),
  ].map((line) => line.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:4000'))
  if (message.body.length === 0) return head
  return [
    ...head,
    '',
    ...body.slice(0, MOST_BODY_LINES),
    ...(body.length > MOST_BODY_LINES ? ['…'] : []),
  ]
}

function isRecorded({ side, lines }: WrittenMessage, recorded: readonly Exchange[]): boolean {
  const messages = recorded.flatMap(({ request, response }) => [
    ...(side === 'response' ? [] : [request]),
    ...(side === 'request' || !response ? [] : [response]),
  ])
  const written = lines.map((line) => line.replaceAll('␍␊', '').trimEnd())
  return messages.some((message) => fits(written, wholeLines(message)))
}

function wholeLines(message: Message): string[] {
  const head = [message.startLine, ...message.headers.map(([name, value]) => `${name}: ${value}`)]
  return [
    ...head,
    ...(message.body.length === 0 ? [] : ['', ...bodyText(message).split(/\r?\n/)]),
  ].map((line) => line.trimEnd())
}

/**
 * In order, nothing in between that `…` does not stand for; what follows the last written line was
 * left out with the content.
 */
function fits(written: readonly string[], whole: readonly string[]): boolean {
  const [line, ...rest] = written
  if (line === undefined) return isHead(whole)
  if (line.trim() === '…')
    return whole.some((_, skipped) => fits(rest, whole.slice(skipped))) || fits(rest, [])
  return whole.length > 0 && isAlike(line, whole[0]!) && fits(rest, whole.slice(1))
}

/** Nothing but content is left: its head was shown whole. */
function isHead(left: readonly string[]): boolean {
  return left.length === 0 || left[0] === ''
}

/**
 * Equal but for what chance decides; a `…` within the line stands for any characters, with the
 * first digits of a random value before it.
 */
function isAlike(written: string, recorded: string): boolean {
  const pattern = chanceLeftOut(written.replace(/\b[0-9a-f]{4,}…/g, '…'))
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('.*')
  return new RegExp(`^${pattern}$`).test(chanceLeftOut(recorded))
}
