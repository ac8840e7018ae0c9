import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { GraderError } from '../types/errors.ts'
import {
  findLimit,
  findShortage,
  shortageOf,
  shortageThatEnded,
  watchForShortage,
} from './shortage.ts'

/** As `/proc/self/limits` has it. */
function limits(changed: Record<string, string> = {}): string {
  const all = {
    'Max file size': 'unlimited',
    'Max open files': '1024',
    'Max address space': 'unlimited',
    ...changed,
  }
  const lines = Object.entries(all).map(
    ([name, value]) => `${name.padEnd(26)}${value.padEnd(21)}unlimited            bytes     `,
  )
  return [
    'Limit                     Soft Limit           Hard Limit           Units',
    ...lines,
  ].join('\n')
}

describe('a limit', () => {
  it.each([
    ['Max open files', '24', /^Too many open files: 24 is the limit here \(ulimit -n\)/, /-n 1024/],
    ['Max open files', '127', /127 is the limit here/, /needs 128/],
    ['Max file size', '512000', /larger than 512 kB here \(ulimit -f\)/, /-f unlimited/],
    ['Max file size', '0', /larger than nothing here/, /-f unlimited/],
    ['Max address space', '4294967296', /more than 4.3 GB .*\(ulimit -v\)/, /-v unlimited/],
  ])('that is too low: %s of %s', (name, value, message, remedy) => {
    const found = findLimit(limits({ [name]: value }))
    expect(found?.message).toMatch(message)
    expect(found?.remedy).toMatch(remedy)
  })

  it.each([
    limits(),
    limits({ 'Max open files': '128' }),
    limits({ 'Max file size': '1000000000' }),
    // Where a system shows no limits.
    '',
  ])('that is high enough is none', (text) => {
    expect(findLimit(text)).toBeNull()
  })
})

it('the temporary folder comes first', () => {
  const fault = new GraderError('the folder', '')
  expect(
    findShortage(
      () => fault,
      () => limits({ 'Max open files': '1' }),
    ),
  ).toBe(fault)
  expect(
    findShortage(
      () => null,
      () => limits({ 'Max open files': '1' }),
    )?.message,
  ).toContain('1 is')
  expect(findShortage(() => null, limits)).toBeNull()
})

it.each([
  [
    89,
    /^No more than 89 further processes and threads may be started here \(ulimit -u is 100\)\.$/,
  ],
  [-3, /^No more than 0 further/],
])('%i processes left are too few', (left, message) => {
  const count = () => ({ left, limit: 'ulimit -u is 100' })
  const found = findShortage(() => null, limits, count)
  expect(found?.message).toMatch(message)
  expect(found?.remedy).toMatch(/^A grading needs 90\. End some, or raise the limit/)
})

it('90 processes left are enough', () => {
  expect(
    findShortage(
      () => null,
      limits,
      () => ({ left: 90, limit: '' }),
    ),
  ).toBeNull()
})

it.each<[string, boolean]>([
  ['  #  Assertion failed: (0) == (uv_thread_create(t.get(), start_thread, this))', true],
  ['pthread_create: Resource temporarily unavailable (11)', true],
  ['uv_thread_create is a function of libuv', false],
  ['', false],
])('%j, printed by a program that died, speaks of too few processes: %s', (printed, speaks) => {
  expect(shortageThatEnded(printed) !== null).toBe(speaks)
})

describe('an error of the system', () => {
  const errorOf = (code: string, more = {}) => Object.assign(new Error(code), { code, ...more })

  it.each([
    ['EMFILE', {}, /^Too many open files/],
    ['ENFILE', {}, /^Too many open files/],
    ['ENOSPC', { path: '/some/file' }, /^The disk is full: \/some\/file$/],
    ['EDQUOT', {}, /^The disk is full\.$/],
    ['EFBIG', {}, /^The disk is full\.$/],
    ['ENOMEM', {}, /^This machine has too little memory left\.$/],
    ['EAGAIN', { syscall: 'spawn node' }, /^No more processes may be started here\.$/],
  ])('%s speaks of a shortage, also as the cause of another one', (code, more, message) => {
    const error = errorOf(code, more)
    expect(shortageOf(error)?.message).toMatch(message)
    expect(shortageOf(new Error('it failed', { cause: error }))?.message).toMatch(message)
  })

  it.each([
    errorOf('ENOENT'),
    errorOf('EAGAIN', { syscall: 'read' }),
    new Error('no code'),
    'a text',
    undefined,
  ])('%s speaks of none', (error) => {
    expect(shortageOf(error)).toBeNull()
  })
})

describe('the watch', () => {
  const reported: string[] = []
  const onFound = ({ message }: GraderError) => void reported.push(message)
  beforeEach(() => void (reported.length = 0))

  it('remembers what was short for a moment only', async () => {
    let bytes = 1e9
    const watch = watchForShortage(onFound, '/tmp', () => ({ bytes, files: 1000 }))
    expect(watch.found()).toBeNull()
    bytes = 4096
    await vi.waitUntil(() => watch.found(), { timeout: 10_000 })
    bytes = 1e9
    expect(watch.found()?.message).toBe('The temporary folder /tmp is full (4 kB left).')
    expect(reported).toEqual(['The temporary folder /tmp is full (4 kB left).'])
    watch.stop()
  })

  it('looks by itself', async () => {
    let bytes = 1e9
    let looks = 0
    const watch = watchForShortage(onFound, '/tmp', () => ({
      bytes: looks++ > 1 ? 0 : bytes,
      files: 1000,
    }))
    await vi.waitUntil(() => reported.length > 0, { timeout: 10_000 })
    watch.stop()
    expect(reported).toEqual(['The temporary folder /tmp is full (nothing left).'])
  })

  it('sees that the folder went away', () => {
    const folder = mkdtempSync(join(tmpdir(), 'watched-'))
    const watch = watchForShortage(onFound, folder)
    rmSync(folder, { recursive: true })
    expect(watch.found()?.message).toContain('is not there')
    watch.stop()
  })
})
