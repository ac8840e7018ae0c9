import { expect, test } from 'vitest'
import {
  CAPACITY,
  CLIENTS,
  playHerd,
  settingsWith,
  SLICE_MS,
  triesOffered,
  type Setting,
} from './herd-model.ts'

const settings = triesOffered.flatMap(settingsWith)
const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0)
const requestsAt = (setting: Setting) =>
  playHerd(setting).load.flatMap(({ asked, served }, slice) =>
    asked > 0 ? [[(slice * SLICE_MS) / 1000, asked, served]] : [],
  )

test('without jitter all come at the same moments, and what is served comes no more', () => {
  expect(requestsAt({ wait: 'equal', jitter: false, tries: 8 })).toEqual([
    [0, 50, 0],
    [1, 50, 0],
    [2, 50, 0],
    [3, 50, 0],
    [4, 50, 12],
    [5, 38, 12],
    [6, 26, 12],
    [7, 14, 12],
  ])
  expect(requestsAt({ wait: 'doubling', jitter: false, tries: 6 })).toEqual([
    [0, 50, 0],
    [1, 50, 0],
    [3, 50, 0],
    [7, 50, 12],
    [11, 38, 12],
    [15, 26, 12],
  ])
})

test.each(settings)(
  '%j serves each client once or gives up, within what the server can do',
  (setting) => {
    const run = playHerd(setting)
    const asked = sum(run.load.map((slice) => slice.asked))
    expect(run.served + run.gaveUp).toBe(CLIENTS)
    expect(sum(run.load.map((slice) => slice.served))).toBe(run.served)
    expect(run.load.filter(({ served, asked: all }) => served > Math.min(all, CAPACITY))).toEqual(
      [],
    )
    expect(asked).toBeGreaterThanOrEqual(run.served + run.gaveUp * setting.tries)
    expect(asked).toBeLessThanOrEqual(CLIENTS * setting.tries)
    expect(run.gaveUpEarly).toBeLessThanOrEqual(run.gaveUp)
    // Only a server that is overloaded refuses.
    if (run.peak <= CAPACITY) expect(run.gaveUpEarly).toBe(run.gaveUp)
    expect(playHerd(setting)).toEqual(run)
  },
)

test('more tries of one kind never serve fewer', () => {
  for (const index of [0, 1, 2, 3]) {
    const served = triesOffered.map((tries) => playHerd(settingsWith(tries)[index]!).served)
    expect(served).toEqual(served.toSorted((a, b) => a - b))
  }
})

test('the numbers that jitter draws are no exception', () => {
  const runs = Array.from({ length: 100 }, (_, seed) =>
    settingsWith(8).map((setting) => playHerd(setting, seed)),
  )
  const able = runs.map((all) => all.map(({ gaveUp, peak }) => gaveUp === 0 && peak <= CAPACITY))
  expect(able.filter((each) => each.slice(0, 3).includes(true))).toEqual([])
  expect(able.filter((each) => each[3]).length).toBeGreaterThan(90)
})
