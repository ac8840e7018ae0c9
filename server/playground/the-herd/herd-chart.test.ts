import { expect, test } from 'vitest'
import { herdChart } from './herd-chart.ts'
import { playHerd, settingsWith, triesOffered } from './herd-model.ts'
import { whatHappened } from './herd-words.ts'

const numbersOf = (drawing: string, name: string) =>
  [
    ...drawing.matchAll(
      new RegExp(
        `<rect class="${name}" x="([\\d.]+)%" y="([\\d.]+)" width="([\\d.]+)%" height="([\\d.]+)"`,
        'g',
      ),
    ),
  ].map(([, ...numbers]) => numbers.map(Number) as [number, number, number, number])

test.each(triesOffered.flatMap(settingsWith))('draws all of %j within its frame', (setting) => {
  const run = playHerd(setting)
  const drawing = String(herdChart(run).drawing)
  const served = numbersOf(drawing, 'h-served')
  const refused = numbersOf(drawing, 'h-refused')
  expect(served).toHaveLength(run.load.filter((slice) => slice.served > 0).length)
  expect(refused).toHaveLength(run.load.filter((slice) => slice.asked > slice.served).length)
  const outside = [...served, ...refused].filter(
    ([x, y, width, height]) => x < 8 || x + width > 99 || y < 22 || y + height > 172.1,
  )
  expect(outside).toEqual([])
  expect(drawing).not.toMatch(/NaN|undefined|false/)
})

test('says the same in a sentence and as a table', () => {
  const run = playHerd({ wait: 'equal', jitter: false, tries: 6 })
  const { summary, alternative } = herdChart(run)
  expect(summary).toBe(whatHappened(run))
  expect(alternative.rows.map(({ cells }) => cells.join(' | '))).toEqual([
    '0 | 50 | 0 | 50',
    '1 | 50 | 0 | 50',
    '2 | 50 | 0 | 50',
    '3 | 50 | 0 | 50',
    '4 | 50 | 12 | 50',
    '5 | 38 | 12 | 38',
  ])
})
