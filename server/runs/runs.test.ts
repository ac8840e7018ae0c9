import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { smallCourse } from '../../testing/sample-course.ts'
import type { Exercise } from '../../course/types.ts'
import { begin, fixtureReport, scriptedGrade, type Script } from '../../testing/sample-grading.ts'
import { createRuns, type RunEvent, type RunWork } from './runs.ts'

const lesson = smallCourse().sections[0]!.lessons[0]!
const exercise = (id: string): Exercise => ({ ...lesson.exercises[0]!, id })
const [hello, bye, third] = [exercise('say-hello'), exercise('say-bye'), exercise('say-more')]

const stepwise = async (script: Script) => {
  begin(script)
  await script.step('judge')
  return fixtureReport(script.run)
}
const work = (grade: RunWork['grade'], changes: Partial<RunWork> = {}): RunWork => ({
  prepare: () => ({
    program: { kind: 'files', dir: '/nowhere', entry: 'server.ts', label: 'server.ts' },
    files: [],
  }),
  grade,
  keep: async ({ purpose }) => (purpose === 'submit' ? 'kept-id' : null),
  ...changes,
})
const types = (events: readonly RunEvent[]) => events.map((event) => event.type)
const settled = async (condition: () => boolean) => {
  while (!condition()) await turn()
}

describe('a run', () => {
  test('gives the grading the id it has', async () => {
    const { grade } = scriptedGrade()
    const runs = createRuns(work(grade))
    const run = runs.start(hello, lesson, 'run')
    expect(run.id).toMatch(/^[0-9a-f]{8}$/)
    await settled(() => run.state === 'over')
    expect(run.events.find((event) => event.type === 'started')).toMatchObject({ run: run.id })
    expect(types(run.events)).toEqual(['started', 'ready', 'check', 'check', 'finished', 'kept'])
  })

  test('tells the submission that was kept', async () => {
    const runs = createRuns(work(scriptedGrade().grade))
    const run = runs.start(hello, lesson, 'submit')
    await settled(() => run.state === 'over')
    expect(run.events.at(-1)).toEqual({ type: 'kept', submission: 'kept-id' })
  })

  test('that could not be kept has its verdict, with the reason', async () => {
    const full = Object.assign(new Error('Disk full: the run cannot be saved.'), {
      remedy: 'Free some space.',
    })
    const runs = createRuns(work(scriptedGrade().grade, { keep: () => Promise.reject(full) }))
    const run = runs.start(hello, lesson, 'submit')
    await settled(() => run.state === 'over')
    expect(run.events.at(-1)).toEqual({
      type: 'kept',
      submission: null,
      warning: 'Disk full: the run cannot be saved. Free some space.',
    })
  })

  test('goes on until it is kept: who looks in between still gets the end', async () => {
    let letGo = () => {}
    const keep = () => new Promise<string>((resolve) => (letGo = () => resolve('kept-id')))
    const runs = createRuns(work(scriptedGrade().grade, { keep }))
    const run = runs.start(hello, lesson, 'submit')
    await settled(() => run.events.at(-1)?.type === 'finished')
    await turn()
    expect(run.state).toBe('running')
    letGo()
    await settled(() => run.state === 'over')
    expect(run.events.at(-1)).toEqual({ type: 'kept', submission: 'kept-id' })
  })

  test('that cannot be prepared says why', async () => {
    const prepare = () => {
      throw Object.assign(new Error('Cannot read work/say-hello/server.ts.'), {
        remedy: 'Put the file back.',
      })
    }
    const runs = createRuns(work(scriptedGrade().grade, { prepare }))
    const run = runs.start(hello, lesson, 'run')
    await settled(() => run.state === 'over')
    expect(run.events).toEqual([
      { type: 'broken', error: 'Cannot read work/say-hello/server.ts. Put the file back.' },
    ])
  })
})

describe('several runs', () => {
  test('two exercises go side by side, the third waits', async () => {
    const scripted = scriptedGrade(stepwise)
    const runs = createRuns(work(scripted.grade), 2)
    const [a, b, c] = [
      runs.start(hello, lesson, 'run'),
      runs.start(bye, lesson, 'run'),
      runs.start(third, lesson, 'run'),
    ]
    expect([a, b, c].map((run) => run.state)).toEqual(['running', 'running', 'waiting'])
    expect(c.events).toEqual([{ type: 'waiting', ahead: 2 }])
    await scripted.release('judge')
    await settled(() => c.state === 'running')
    expect(a.state).toBe('over')
    await runs.close()
  })

  test('of one exercise go one after the other, and a click on what waits already joins it', async () => {
    const scripted = scriptedGrade(stepwise)
    const runs = createRuns(work(scripted.grade), 2)
    const first = runs.start(hello, lesson, 'run')
    const second = runs.start(hello, lesson, 'run')
    expect(second).not.toBe(first)
    expect(second.state).toBe('waiting')
    expect(runs.start(hello, lesson, 'run')).toBe(second)
    expect(runs.start(hello, lesson, 'submit')).not.toBe(second)
    expect(runs.newest('say-hello')?.purpose).toBe('submit')
    await runs.close()
  })

  test('those that are over are forgotten some time, those under way never', async () => {
    const scripted = scriptedGrade()
    const runs = createRuns(work(scripted.grade))
    const first = runs.start(hello, lesson, 'run')
    for (let count = 0; count < 25; count++) {
      const run = runs.start(hello, lesson, 'run')
      await settled(() => run.state === 'over')
    }
    expect(runs.find(first.id)).toBeUndefined()
    expect(runs.newest('say-hello')?.state).toBe('over')
  })
})

describe('stopping', () => {
  test('a run that goes on ends it, and lets the next one begin', async () => {
    const scripted = scriptedGrade(stepwise)
    const runs = createRuns(work(scripted.grade), 1)
    const [first, second] = [runs.start(hello, lesson, 'run'), runs.start(bye, lesson, 'run')]
    expect(runs.cancel(first.id)).toBe(true)
    await settled(() => second.state === 'running')
    expect(first.events.at(-1)).toEqual({ type: 'cancelled' })
    expect(runs.cancel(first.id)).toBe(false)
    expect(runs.cancel('00000000')).toBe(false)
    await runs.close()
  })

  test('a run that waits never begins', async () => {
    const scripted = scriptedGrade(stepwise)
    const runs = createRuns(work(scripted.grade), 1)
    const first = runs.start(hello, lesson, 'run')
    const second = runs.start(bye, lesson, 'run')
    runs.cancel(second.id)
    expect(types(second.events)).toEqual(['waiting', 'cancelled'])
    await scripted.release('judge')
    await settled(() => first.state === 'over')
    expect(scripted.begun()).toBe(1)
  })

  test('all ends those that go on and those that wait, and waits for their clean-up', async () => {
    let cleanedUp = false
    const grade: RunWork['grade'] = ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal!.addEventListener('abort', async () => {
          await turn()
          cleanedUp = true
          reject(signal!.reason)
        })
      })
    const runs = createRuns(work(grade), 1)
    const [first, second] = [runs.start(hello, lesson, 'run'), runs.start(bye, lesson, 'run')]
    await runs.close()
    expect(cleanedUp).toBe(true)
    expect([first.state, second.state]).toEqual(['over', 'over'])
  })
})

describe('following', () => {
  test('gives the past at once, the future as it comes, each with its number', async () => {
    const scripted = scriptedGrade(stepwise)
    const runs = createRuns(work(scripted.grade))
    const run = runs.start(hello, lesson, 'run')
    const seen: [number, string][] = []
    runs.follow(run, 1, (event, number) => seen.push([number, event.type]))
    expect(seen).toEqual([[1, 'ready']])
    await scripted.release('judge')
    await settled(() => run.state === 'over')
    expect(seen).toEqual([
      [1, 'ready'],
      [2, 'finished'],
      [3, 'kept'],
    ])
  })

  test('ends when one stops it', async () => {
    const scripted = scriptedGrade(stepwise)
    const runs = createRuns(work(scripted.grade))
    const run = runs.start(hello, lesson, 'run')
    const seen: string[] = []
    const stop = runs.follow(run, 0, (event) => seen.push(event.type))
    stop()
    await runs.close()
    expect(seen).toEqual(['started', 'ready'])
  })
})
