import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findExercise } from '../course/find.ts'
import { writeFixtureCourse } from '../testing/sample-course.ts'
import { loadCourse } from '../course/load-course.ts'
import { fingerprint, openVerifyMemory } from './memory.ts'

let root: string
beforeEach(() => (root = writeFixtureCourse()))
afterEach(() => rmSync(root, { recursive: true, force: true }))

const look = async () => {
  const { exercise, lesson } = findExercise((await loadCourse(root)).course, 'say-hello')!
  return fingerprint(exercise, lesson, process.execPath)
}

test('what verdicts rest on changes the fingerprint, and nothing else', async () => {
  const before = await look()
  expect(await look()).toBe(before)
  writeFileSync(
    join(root, 'lessons/course.md'),
    readFileSync(join(root, 'lessons/course.md'), 'utf8').replace('Welcome', 'Hello'),
  )
  expect(await look()).toBe(before)
  writeFileSync(join(root, 'exercises/say-hello/mutants/says-nothing/server.ts'), '// wrong too\n')
  const other = await look()
  expect(other).not.toBe(before)
  const lesson = join(root, 'lessons/01-start/01-first.md')
  writeFileSync(
    lesson,
    readFileSync(lesson, 'utf8').replace('How long it lives', 'How long it stays'),
  )
  expect(await look()).not.toBe(other)
})

test('a green run is remembered until something changes or more is asked', () => {
  const state = mkdtempSync(join(tmpdir(), 'roundtrip-memory-'))
  try {
    const run = { fingerprint: 'f', repeat: 3, slowed: false, at: '2026-11-22T10:00:00.000Z' }
    openVerifyMemory(state).keep('say-hello', run)
    const memory = openVerifyMemory(state)
    expect(
      memory.unchangedSince('say-hello', { fingerprint: 'f', repeat: 1, slowed: false }),
    ).toEqual(run)
    expect(
      memory.unchangedSince('say-hello', { fingerprint: 'g', repeat: 1, slowed: false }),
    ).toBeNull()
    expect(
      memory.unchangedSince('say-hello', { fingerprint: 'f', repeat: 4, slowed: false }),
    ).toBeNull()
    expect(
      memory.unchangedSince('say-hello', { fingerprint: 'f', repeat: 1, slowed: true }),
    ).toBeNull()
    expect(
      memory.unchangedSince('other', { fingerprint: 'f', repeat: 1, slowed: false }),
    ).toBeNull()
    writeFileSync(join(state, 'verified.json'), '{"broken')
    expect(
      openVerifyMemory(state).unchangedSince('say-hello', {
        fingerprint: 'f',
        repeat: 1,
        slowed: false,
      }),
    ).toBeNull()
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
})
