import { expect, test } from 'vitest'
import type { Trial, Verification } from '../../verify/verify-exercise.ts'
import { UsageError } from '../explain-error.ts'
import { verifyTable } from '../terminal/verify-table.ts'
import { judgedAgainLine, trialLines } from '../terminal/verify-lines.ts'
import { verify, type VerifyCommandOptions } from './verify.ts'

const plain = { jobs: '6', repeat: '1' }

test.each([
  [[], { ...plain, jobs: '0' }, '--jobs takes a whole number from 1, not 0.'],
  [[], { ...plain, repeat: 'twice' }, '--repeat takes a whole number from 1, not twice.'],
  ...['4/3', '0/3', '3', 'a/b', '1/0'].map((shard): [string[], VerifyCommandOptions, string] => [
    [],
    { ...plain, shard },
    `--shard takes the number of a part and how many parts there are, 1/3 to 3/3 for three, not ${shard}.`,
  ]),
  [
    ['cookies-maxage'],
    plain,
    'No exercise is called "cookies-maxage". Did you mean "cookies-max-age"?',
  ],
] as [string[], VerifyCommandOptions, string][])(
  'verify %j %j is wrong usage',
  async (ids, options, message) => {
    await expect(verify(ids, options)).rejects.toThrow(new UsageError(message))
  },
)

test('the table has a row per exercise', () => {
  const trial = (kind: Trial['kind'], problems: string[] = []) =>
    ({
      kind,
      name: kind,
      condition: null,
      report: { durationMs: 1500 },
      problems,
    }) as unknown as Verification['trials'][number]
  const verifications: Verification[] = [
    {
      exercise: 'say-hello',
      trials: [
        trial('solution'),
        trial('right'),
        trial('right', ['a check did not pass']),
        trial('stub'),
        trial('mutant'),
        trial('mutant', ['wrong']),
        trial('junk'),
      ],
      problems: [],
      seconds: 7.4,
    },
    {
      exercise: 'wait',
      trials: [],
      problems: ['checks.ts could not be loaded'],
      seconds: 0,
    },
  ]
  expect(verifyTable(verifications))
    .toBe(`exercise   solution  right  stub   mutants  junk   whole  seconds
say-hello  ✓ 1/1     ✗ 1/2  ✓ 1/1  ✗ 1/2    ✓ 1/1  ✓            7
wait       ✗ 0/0     –      ✗ 0/0  ✗ 0/0    ✗ 0/0  ✗ 1          0`)
})

test('a program that was judged again says so, and so does its exercise', () => {
  const trial = (name: string, isJudgedAgain: boolean): Trial => ({
    kind: 'mutant',
    name,
    condition: null,
    report: {
      verdict: 'failed',
      durationMs: 1500,
      startedAt: '2026-11-22T10:00:00.000Z',
      checks: [{ diagnosis: { id: name } }],
    } as unknown as Trial['report'],
    problems: isJudgedAgain ? [] : ['one\ntwo'],
    isJudgedAgain,
  })
  const trials = [trial('milliseconds', true), trial('renewed', false)]
  expect(trials.map((each) => trialLines('wait', each))).toEqual([
    '✓ wait  mutant milliseconds failed: milliseconds  judged again',
    '✗ wait  mutant renewed failed: renewed  1.5 s\n    one\n    two',
  ])
  expect(trialLines('wait', { ...trial('milliseconds', true), besideOthers: 'says\n- this' })).toBe(
    '✓ wait  mutant milliseconds failed: milliseconds  judged again\n    graded once more, alone. Beside others: says\n    - this',
  )
  expect(judgedAgainLine({ exercise: 'wait', trials })).toBe(
    '– wait  only words and judgements changed, so 1 of 2 gradings were judged again from what was recorded on 2026-11-22 (--all grades anew)',
  )
  expect(judgedAgainLine({ exercise: 'wait', trials: trials.slice(1) })).toBeUndefined()
})
