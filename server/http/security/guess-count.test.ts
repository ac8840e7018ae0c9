import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createGuessCount } from './guess-count.ts'

const WINDOW_MS = 60_000
const onEmpty = vi.fn()
beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  onEmpty.mockClear()
})

const count = (limit: number) => createGuessCount(limit, WINDOW_MS, onEmpty)

/** Begins so many, and gives what has been answered so far. */
function begin(guesses: ReturnType<typeof count>, times: number): (number | null)[] {
  const answers: (number | null)[] = []
  for (let time = 0; time < times; time++)
    void guesses.begin().then((answer) => answers.push(answer))
  return answers
}

const settled = () => vi.advanceTimersByTimeAsync(0)

test('what is under way lets the next wait, and refuses nobody', async () => {
  const guesses = count(3)
  const answers = begin(guesses, 8)
  await settled()
  expect(answers).toEqual([null, null, null])
  for (let begun = 4; begun <= 8; begun++) {
    guesses.end()
    await settled()
    expect(answers).toEqual(Array(begun).fill(null))
  }
  for (let time = 0; time < 3; time++) guesses.end()
  expect(onEmpty).toHaveBeenCalledTimes(1)
})

test('what waits is refused once enough were wrong, and no more are looked up than that', async () => {
  const guesses = count(3)
  const answers = begin(guesses, 8)
  await settled()
  for (const code of ['a', 'b', 'c']) {
    guesses.noteWrong(code)
    guesses.end()
    await settled()
  }
  expect(answers).toEqual([null, null, null, ...Array(5).fill(WINDOW_MS)])
  expect(onEmpty).not.toHaveBeenCalled()
})

test('the window begins with the first wrong code, and no refusal lengthens it', async () => {
  const guesses = count(2)
  const wrong = async (code: string) => {
    expect(await guesses.begin()).toBeNull()
    guesses.noteWrong(code)
    guesses.end()
  }
  await wrong('a')
  vi.advanceTimersByTime(20_000)
  await wrong('a')
  await wrong('b')
  expect(await guesses.begin()).toBe(40_000)
  vi.advanceTimersByTime(39_000)
  expect(await guesses.begin()).toBe(1000)
  vi.advanceTimersByTime(1000)
  expect(onEmpty).toHaveBeenCalledTimes(1)
  await wrong('a')
  await wrong('b')
  expect(await guesses.begin()).toBe(WINDOW_MS)
})

test('a window that ends while one is under way forgets only what was decided', async () => {
  const guesses = count(2)
  const answers = begin(guesses, 3)
  await settled()
  guesses.noteWrong('a')
  vi.advanceTimersByTime(WINDOW_MS)
  expect(onEmpty).not.toHaveBeenCalled()
  guesses.noteWrong('b')
  guesses.end()
  guesses.end()
  await settled()
  expect(answers).toEqual([null, null, null])
})
