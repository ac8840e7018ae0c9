import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { runScript } from '../../../../testing/run-script.ts'
import { createClock } from '../../timing/clock.ts'
import { noteProgram, sweepPrograms } from './leftover-programs.ts'
import { startProcessGroup, type ProcessGroup } from './process-group.ts'
import { processLives } from '../../../../testing/process-lives.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'roundtrip-leftover-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const started: ProcessGroup[] = []
afterEach(async () => void (await Promise.all(started.splice(0).map((group) => group.end()))))

async function start(notes: string | null): Promise<ProcessGroup> {
  const group = await startProcessGroup('/bin/sh', ['-c', 'sleep 300 & wait'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    clock: createClock(),
    notes,
  })
  started.push(group)
  return group
}
const notesIn = (notes: string) => readdirSync(notes).filter((name) => name.endsWith('.json'))
const fresh = () => mkdtempSync(join(folder, 'notes-'))

// What the tests do where a program ends with its grader: they leave out what would end it.
describe('a program whose grader was killed', () => {
  const source = `
    import { startProcessGroup } from ${JSON.stringify(join(import.meta.dirname, 'process-group.ts'))}
    import { createClock } from ${JSON.stringify(join(import.meta.dirname, '../../timing/clock.ts'))}
    import { existsSync, writeFileSync } from 'node:fs'
    const script = 'sleep 300 & echo $! > child; wait'
    const group = await startProcessGroup('/bin/sh', ['-c', script], { cwd: args.folder, env: process.env, clock: createClock(), notes: args.notes })
    while (!existsSync(args.notes + '/' + group.pid + '.json') || !existsSync(args.folder + '/child')) await new Promise((resolve) => setTimeout(resolve, 5))
    writeFileSync(args.folder + '/leader', String(group.pid))
    process.kill(process.pid, 'SIGKILL')`

  test('is ended by the next sweep, with what it started', async () => {
    const notes = fresh()
    await runScript(source, { folder, notes }).output.catch(() => {})
    const pids = ['leader', 'child'].map((name) => Number(readFileSync(join(folder, name), 'utf8')))
    expect(pids.filter(processLives)).toEqual(pids)

    expect(await sweepPrograms(notes)).toBe(1)
    await expect.poll(() => pids.filter(processLives)).toEqual([])
    expect(notesIn(notes)).toEqual([])
  })
})

describe('a sweep', () => {
  test('leaves a program alone whose grader runs, and the note goes with the program', async () => {
    const notes = fresh()
    const group = await start(notes)
    await expect.poll(() => notesIn(notes)).toEqual([`${group.pid}.json`])
    expect(await sweepPrograms(notes)).toBe(0)
    expect(processLives(group.pid)).toBe(true)
    await group.end()
    expect(notesIn(notes)).toEqual([])
  })

  test('leaves another process alone that has the number now', async () => {
    const notes = fresh()
    const group = await start(notes)
    await expect.poll(() => notesIn(notes)).toHaveLength(1)
    const file = join(notes, `${group.pid}.json`)
    const { grader, program } = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(
      file,
      JSON.stringify({
        grader: { ...grader, at: 'long ago' },
        program: { ...program, at: 'long ago' },
      }),
    )
    expect(await sweepPrograms(notes)).toBe(0)
    expect([processLives(group.pid), notesIn(notes)]).toEqual([true, []])
  })

  test('stops at nothing it cannot read', async () => {
    const notes = fresh()
    writeFileSync(join(notes, '1.json'), '{')
    writeFileSync(join(notes, 'mine.txt'), '')
    expect(await sweepPrograms(notes)).toBe(0)
    expect(await sweepPrograms(join(notes, 'nowhere'))).toBe(0)
    expect(readdirSync(notes).toSorted()).toEqual(['1.json', 'mine.txt'])
  })
})

test('what cannot be noted is no error', async () => {
  const notAFolder = join(folder, 'a-file')
  writeFileSync(notAFolder, '')
  await noteProgram(notAFolder, process.pid)()
  const group = await start(null)
  expect(processLives(group.pid)).toBe(true)
})
