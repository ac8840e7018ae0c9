import { expect, test } from 'vitest'
import type { FoundExercise } from '../course/find.ts'
import type { GradeEvent, Grading } from '../grader/index.ts'
import { gradeSideBySide } from './grade-side-by-side.ts'

const exercise = (id: string, gradingSeconds: number) =>
  ({ exercise: { id, gradingSeconds } }) as FoundExercise
const ready = (ms: number): GradeEvent => ({ type: 'ready', ms })
const later = () => new Promise((resolve) => setTimeout(resolve))

/** Gradings that go on when they are told to. */
function byHand(ids: readonly [id: string, seconds: number][]) {
  const exercises = ids.map(([id, seconds]) => exercise(id, seconds))
  const story: string[] = []
  const running = new Map<
    string,
    { say(event: GradeEvent): void; end(): void; fail(error: Error): void }
  >()
  const aborting = new AbortController()
  const done = gradeSideBySide({
    exercises,
    grade: ({ exercise: { id } }, onEvent, signal) =>
      new Promise<Grading>((resolve, reject) => {
        story.push(`${id} starts`)
        running.set(id, {
          say: onEvent,
          end: () => resolve({ report: { exercise: id } } as Grading),
          fail: reject,
        })
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      }),
    onEvent: (event) => story.push(event.type === 'ready' ? `ready ${event.ms}` : event.type),
    async onGraded({ report }, found) {
      story.push(`${report.exercise} over`)
      expect(found.exercise.id).toBe(report.exercise)
    },
    signal: aborting.signal,
  })
  return { story, running, done, abort: () => aborting.abort(new Error('stopped')) }
}

test('two run at a time, the longest of those left beside the one that is told, and all are told in their order', async () => {
  const { story, running, done } = byHand([
    ['a', 1],
    ['b', 2],
    ['c', 16],
    ['d', 3],
  ])
  expect(story).toEqual(['a starts', 'c starts'])
  running.get('c')!.say(ready(3))
  running.get('c')!.say({ type: 'progress' } as GradeEvent)
  running.get('a')!.say(ready(1))
  running.get('a')!.end()
  await later()
  expect(story.splice(0)).toEqual(['a starts', 'c starts', 'ready 1', 'a over', 'b starts'])
  running.get('b')!.say(ready(2))
  running.get('b')!.end()
  await later()
  expect(story.splice(0)).toEqual(['ready 2', 'b over', 'd starts', 'ready 3'])
  running.get('d')!.say(ready(4))
  running.get('d')!.end()
  await later()
  expect(story.splice(0)).toEqual([])
  running.get('c')!.say({ type: 'progress' } as GradeEvent)
  running.get('c')!.end()
  await done
  expect(story).toEqual(['progress', 'c over', 'ready 4', 'd over'])
})

test('what cannot be graded is told in its turn, and ends the others', async () => {
  const { story, running, done } = byHand([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ])
  const failing = expect(done).rejects.toThrow('no such folder')
  running.get('c')!.fail(new Error('no such folder'))
  await later()
  running.get('a')!.end()
  await later()
  running.get('b')!.end()
  await failing
  expect(story).toEqual(['a starts', 'c starts', 'b starts', 'a over', 'b over'])
})

test('a signal ends all that run, and nothing more is begun', async () => {
  const { story, done, abort } = byHand([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ])
  abort()
  await expect(done).rejects.toThrow('stopped')
  expect(story).toEqual(['a starts', 'c starts'])
})
