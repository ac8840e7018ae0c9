import { expect, test } from 'vitest'
import type { Printed } from '../../../types/index.ts'
import { outputLines } from './output-lines.ts'

function printing(pid: number, before: Printed[] = []) {
  let print: (piece: Printed) => void = () => {}
  return {
    group: {
      pid,
      printed: () => before,
      onPrinted: (onPiece: (piece: Printed) => void) => void (print = onPiece),
    },
    print: (at: number, stream: 'stdout' | 'stderr', text: string) => print({ at, stream, text }),
  }
}

test('pieces become the lines of their streams, whatever comes between them', () => {
  const output = outputLines()
  const { group, print } = printing(7, [{ at: 1, stream: 'stdout', text: 'early\n' }])
  output.listen(group)
  print(2, 'stdout', 'one, ')
  print(3, 'stderr', 'warning\r\n')
  print(4, 'stdout', 'line\n\nunfin')
  print(5, 'stdout', 'ished')
  expect(output.lines).toEqual([
    { at: 1, pid: 7, stream: 'stdout', text: 'early' },
    { at: 2, pid: 7, stream: 'stdout', text: 'one, line' },
    { at: 3, pid: 7, stream: 'stderr', text: 'warning' },
    { at: 4, pid: 7, stream: 'stdout', text: '' },
    { at: 4, pid: 7, stream: 'stdout', text: 'unfinished' },
  ])
})

test('a new start begins a new line, and nothing is filled in after the stop', () => {
  const output = outputLines()
  const [first, second] = [printing(1), printing(2)]
  output.listen(first.group)
  first.print(1, 'stdout', 'half')
  output.listen(second.group)
  second.print(2, 'stdout', 'whole\n')
  output.stop()
  Object.freeze(output.lines)
  second.print(3, 'stdout', 'late\n')
  expect(output.lines.map(({ pid, text }) => [pid, text])).toEqual([
    [1, 'half'],
    [2, 'whole'],
  ])
})
