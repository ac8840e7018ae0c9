import { expect, test } from 'vitest'
import { exchange } from '../../../testing/exchange-builder.ts'
import { accountOf, fateOf } from './account.ts'
import type { Editor } from './hours.ts'
import { stepsOf } from './steps.ts'

const read = (editor: string) =>
  exchange({ target: '/hours', asks: [['Editor', editor]], body: 'x' })
/** A save as the shop answers it. */
const save = (editor: Editor, status = 200, named?: number) =>
  exchange({
    method: 'PUT',
    target: '/hours',
    requestBody: `${editor}'s`,
    status,
    asks: [
      ['Editor', editor],
      ...(named === undefined ? [] : [['If-Match', `"${named}"`] as const]),
    ],
  })
const both = [read('Ada'), read('Ben')]

test.each([
  ['nothing at all', [], undefined, /^Nothing came to the shop/],
  ['two who read', both, undefined, /^Both pages show version 1\.$/],
  [
    'one who saved',
    [...both, save('Ben')],
    undefined,
    /^Ben's page knew version 1, .* So his text is version 2 now, .* Now let Ada save\.$/,
  ],
  [
    'one who saved with the tag',
    [...both, save('Ada', 200, 1)],
    undefined,
    /^Ada's save named version 1, .* stored her text as version 2\. Now let Ben save\.$/,
  ],
  [
    'one who saved twice',
    [...both, save('Ada'), save('Ada')],
    undefined,
    /^Ada's page knew version 2, .* version 3 now, and nothing was overwritten that Ada hadn't seen\.$/,
  ],
  [
    'a late save without the tag',
    [...both, save('Ada'), save('Ben')],
    'overwritten',
    /^Ben's page knew version 1, but version 2 was there .* overwrote Ada's text, .* told 200\.$/,
  ],
  [
    'the same the other way round',
    [...both, save('Ben'), save('Ada')],
    'overwritten',
    /^Ada's page knew version 1, .* It overwrote Ben's text/,
  ],
  [
    'a late save without the tag after one that had it',
    [...both, save('Ada', 200, 1), save('Ben')],
    'overwritten',
    /It overwrote Ada's text/,
  ],
  [
    'a late save with the tag',
    [...both, save('Ada', 200, 1), save('Ben', 412, 1)],
    'stays',
    /^Ben's save named version 1, but version 2 was there .* 412 with Ada's text and its tag\. .* his page/,
  ],
  [
    'a late save after several',
    [...both, save('Ada', 200, 1), save('Ada', 200, 2), save('Ben', 412, 1)],
    'stays',
    /^Ben's save named version 1, but version 3 was there/,
  ],
  [
    'the save after a refusal',
    [...both, save('Ada', 200, 1), save('Ben', 412, 1), save('Ben', 200, 2)],
    'stays',
    /^By now Ben had seen version 2, .* as version 3\. .* up to Ben to keep what Ada had changed\.$/,
  ],
  [
    'the same without the tag',
    [...both, save('Ada', 200, 1), save('Ben', 412, 1), save('Ben')],
    'stays',
    /^Ben's page knew version 2, which was still the newest\..*hadn't seen\.$/,
  ],
  [
    'the first one, who comes late in turn',
    [...both, save('Ada', 200, 1), save('Ben', 412, 1), save('Ben', 200, 2), save('Ada', 412, 2)],
    'stays',
    /^Ada's save named version 2, but version 3 was there by then\. .* Ben's text/,
  ],
  [
    'what was overwritten first, whatever is refused later',
    [...both, save('Ada'), save('Ben'), save('Ada', 412, 2)],
    'overwritten',
    /^Ada's save named version 2, but version 3/,
  ],
])('explains %s', (_name, exchanges, fate, because) => {
  const steps = stepsOf(exchanges)
  expect(fateOf(steps)).toBe(fate)
  expect(accountOf(steps)).toMatch(because)
  expect(accountOf(steps)).not.toContain('undefined')
})

test('reads who did what off the recording, and leaves out what was refused or never answered', () => {
  const exchanges = [
    read('Ada'),
    read('Eve'),
    exchange({ target: '/hours' }),
    { ...save('Ben'), response: null },
    save('Ben', 403),
    save('Ben', 413),
    save('Ada', 412, 7),
    save('Ada'),
  ]
  expect(
    stepsOf(exchanges).map(({ editor, does, stored, named, text }) => [
      editor,
      does,
      stored,
      named,
      text,
    ]),
  ).toEqual([
    ['Ada', 'reads', false, undefined, 'x'],
    ['Ada', 'saves', false, '"7"', "Ada's"],
    ['Ada', 'saves', true, undefined, "Ada's"],
  ])
})
