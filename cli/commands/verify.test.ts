import { expect, test } from 'vitest'
import type { Trial, Verification } from '../../verify/verify-exercise.ts'
import { UsageError } from '../explain-error.ts'
import { verifyTable } from '../terminal/verify-table.ts'
import { verify } from './verify.ts'

const plain = { jobs: '6', repeat: '1' }

test.each([
  [[], { ...plain, jobs: '0' }, '--jobs takes a whole number from 1, not 0.'],
  [[], { ...plain, repeat: 'twice' }, '--repeat takes a whole number from 1, not twice.'],
  [
    ['cookies-maxage'],
    plain,
    'There is no exercise "cookies-maxage". Did you mean "cookies-max-age"?',
  ],
])('verify %j %j is wrong usage', async (ids, options, message) => {
  await expect(verify(ids, options)).rejects.toThrow(new UsageError(message))
})

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
      notes: [],
    },
    { exercise: 'wait', trials: [], problems: ['checks.ts could not be loaded'], notes: [] },
  ]
  expect(verifyTable(verifications))
    .toBe(`exercise   solution  right  stub   mutants  junk   whole  seconds
say-hello  ✓ 1/1     ✗ 1/2  ✓ 1/1  ✗ 1/2    ✓ 1/1  ✓           11
wait       ✗ 0/0     –      ✗ 0/0  ✗ 0/0    ✗ 0/0  ✗ 1          0`)
})
