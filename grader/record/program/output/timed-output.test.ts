import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createTimedOutput } from './timed-output.ts'

const setup = () => {
  let now = 100
  const output = createTimedOutput({ now: () => now, skew: () => 0, follow: () => 0 })
  const stream = new PassThrough()
  output.listen(stream, 'stderr')
  return {
    output,
    print: (at: number, bytes: string | Buffer) => (
      (now = at),
      stream.emit('data', Buffer.from(bytes))
    ),
  }
}

test('every piece has the time it was read at', () => {
  const { output, print } = setup()
  print(105, 'listening\n')
  print(300, 'GET /\n')
  expect(output.pieces()).toEqual([
    { at: 105, text: 'listening\n', stream: 'stderr' },
    { at: 300, text: 'GET /\n', stream: 'stderr' },
  ])
})

test('a character that was cut in two is whole', () => {
  const { output, print } = setup()
  print(1, Buffer.from([0x61, 0xc3]))
  print(2, Buffer.from([0xa9]))
  expect(output.pieces().map(({ text }) => text)).toEqual(['a', 'é'])
})

test('a program that never stops printing is kept in part', () => {
  const { output, print } = setup()
  for (let time = 0; time < 3; time++) print(time, 'x'.repeat(40_000))
  expect(output.pieces().map(({ text }) => text.length)).toEqual([40_000, 25_536])
  const other = setup()
  for (let time = 0; time < 3000; time++) other.print(time, 'x')
  expect(other.output.pieces()).toHaveLength(1000)
})
