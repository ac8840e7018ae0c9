import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { smallCourse, smallLesson } from '../../testing/sample-course.ts'
import { watchFiles } from './watch-files.ts'

// As on a network drive: the watch is granted and never says a word.
const close = vi.hoisted(() => vi.fn())
vi.mock('./folder-events.ts', () => ({
  createFolderEvents: () => ({ follow: () => true, since: -Infinity, close }),
}))

test('where no events arrive the files are looked at instead, and that is said once', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'rt-watch-'))
  const file = join(dir, 'server.ts')
  writeFileSync(file, 'first')
  const [found] = smallCourse([smallLesson('one', ['one-a'])]).sections[0]!.lessons[0]!.exercises
  const seen: string[] = []
  const said: string[] = []
  const watch = watchFiles({
    exercise: { ...found!, dir },
    dir,
    poll: false,
    onSettled: ({ files }) => seen.push(String(files[0]?.content)),
    tell: (sentence) => said.push(sentence),
  })
  await pause(300)
  writeFileSync(file, 'second')
  await vi.waitUntil(() => seen.length > 0 && said.length > 0, 5000)
  writeFileSync(file, 'third')
  await vi.waitUntil(() => seen.length > 1, 5000)
  watch.close()
  rmSync(dir, { recursive: true })
  expect(seen).toEqual(['second', 'third'])
  expect(said).toEqual([
    'No events arrive for these files, so they are checked five times a second.',
  ])
  expect(close).toHaveBeenCalled()
})

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
