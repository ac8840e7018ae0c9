import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClock } from '../../timing/clock.ts'
import { runScript } from '../../../../testing/run-script.ts'
import { until } from '../../timing/deadline.ts'
import { startProcessGroup, type ProcessGroup } from './process-group.ts'
import { processLives } from '../../../../testing/process-lives.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'roundtrip-groups-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = (script: string, command = '/bin/sh', args = ['-c', script]): Promise<ProcessGroup> =>
  startProcessGroup(command, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    clock: createClock(),
  })
const node = (script: string) => start('', process.execPath, ['--eval', script])
/** Text a process printed, once it did. */
const printed = async (group: ProcessGroup, pattern: RegExp) => {
  const found = await until(10_000, () => pattern.exec(group.log.text()) ?? undefined)
  if (!found) throw new Error(`It did not print ${pattern}, but: ${group.log.text()}`)
  return found
}

describe.concurrent('a process group', () => {
  test('keeps what the process printed, both ways, and how it ended', async () => {
    const group = await start('echo out; echo err >&2; exit 3')
    expect(await group.exited).toMatchObject({ code: 3, signal: null })
    expect(group.exit()).toMatchObject({ code: 3 })
    expect(group.log.text().split('\n').toSorted()).toEqual(['', 'err', 'out'])
    expect(await group.end()).toBe(false)
  })

  test('ends with a signal, at once', async () => {
    const group = await start('exec sleep 300')
    expect([group.exit(), processLives(group.pid)]).toEqual([null, true])
    expect(await group.end()).toBe(false)
    expect(processLives(group.pid)).toBe(false)
    expect(await group.exited).toMatchObject({ code: null, signal: 'SIGTERM' })
    expect(await group.end()).toBe(false)
  })

  test('that ignores the signal is killed', async () => {
    const group = await start('trap "" TERM; echo ready; while :; do sleep 0.1; done')
    await printed(group, /ready/)
    expect(await group.end()).toBe(true)
    expect(processLives(group.pid)).toBe(false)
    expect(await group.exited).toMatchObject({ signal: 'SIGKILL' })
  })

  test('lets a program end in its own way when asked to', async () => {
    const group = await node(
      "process.on('SIGTERM', () => { console.log('goodbye'); setTimeout(() => process.exit(0), 50) }); console.log('ready'); setInterval(() => {}, 1000)",
    )
    await printed(group, /ready/)
    expect(await group.end()).toBe(false)
    expect(await group.exited).toMatchObject({ code: 0, signal: null })
    expect(group.log.text()).toContain('goodbye')
  })

  test('takes its children with it, also those that hold its output open', async () => {
    const group = await start('sleep 300 & echo child $!; wait')
    const [, child] = await printed(group, /child (\d+)/)
    expect(processLives(Number(child))).toBe(true)
    await group.end()
    expect([processLives(group.pid), processLives(Number(child))]).toEqual([false, false])
  })

  test('is known to have ended although a child holds its output open', async () => {
    const group = await start('sleep 300 & echo child $!; exit 5')
    expect(await group.exited).toMatchObject({ code: 5 })
    const child = Number((await printed(group, /child (\d+)/))[1])
    expect(processLives(child)).toBe(true)
    await group.end()
    expect(processLives(child)).toBe(false)
  })

  test('that leaves a child which ignores the signal is said to have been ended', async () => {
    const group = await start(
      `(trap "" TERM; echo child $$; while :; do sleep 0.1; done) & sleep 0.2; echo ready; exit 0`,
    )
    await printed(group, /ready/)
    await group.exited
    expect(await group.end()).toBe(true)
  })

  test('may print 100 MB: none of it stops the program, little of it is kept', async () => {
    const group = await node(
      "const line = 'x'.repeat(65535) + '\\n'; let left = 1600; const more = () => { while (left-- > 0) if (!process.stdout.write(line)) return process.stdout.once('drain', more); console.log('the end') }; more()",
    )
    expect(await group.exited).toMatchObject({ code: 0 })
    expect(group.log.text()).toMatch(
      /^x+[\s\S]*… log cut: 105 MB written, 128 kB kept …[\s\S]*the end\n$/,
    )
    expect(group.log.text().length).toBeLessThan(140_000)
    await group.end()
  })

  test('that cannot be started says so', async () => {
    await expect(start('', join(folder, 'no-such-program'), [])).rejects.toMatchObject({
      code: 'ENOENT',
    })
    writeFileSync(join(folder, 'plain.txt'), 'text')
    await expect(start('', join(folder, 'plain.txt'), [])).rejects.toMatchObject({ code: 'EACCES' })
  })

  test('is given nothing to read', async () => {
    const group = await start('cat; echo done')
    expect(await group.exited).toMatchObject({ code: 0 })
    expect(group.log.text()).toBe('done\n')
    await group.end()
  })
})

describe('the grader itself', () => {
  const source = `
    import { startProcessGroup } from ${JSON.stringify(join(import.meta.dirname, 'process-group.ts'))}
    import { createClock } from ${JSON.stringify(join(import.meta.dirname, '../../timing/clock.ts'))}
    import { writeFileSync } from 'node:fs'
    const group = await startProcessGroup('/bin/sh', ['-c', 'trap "" TERM; sleep 300 & echo $! > ' + args.file + '.child; echo ready; wait; sleep 300'], { cwd: args.folder, env: process.env, clock: createClock() })
    writeFileSync(args.file, String(group.pid))
    while (!group.log.text().includes('ready')) await new Promise((resolve) => setTimeout(resolve, 5))
    console.log('started')
    if (args.how === 'exit') process.exit(0)
    if (args.how === 'exit while they are being ended') { void group.end(); setTimeout(() => process.exit(0), 50) }
    if (args.how === 'throw') throw new Error('on purpose')
    if (args.how === 'nothing') { process.exitCode = 0; setTimeout(() => process.exit(), 50) }`

  test.each(['exit', 'exit while they are being ended', 'throw', 'nothing'])(
    'takes its programs with it when it ends by %s',
    async (how) => {
      const file = join(folder, `pid-${how.replaceAll(' ', '-')}`)
      await runScript(source, { folder, file, how }).output.catch(() => {})
      const pids = [file, `${file}.child`].map((each) => Number(readFileSync(each, 'utf8')))
      await expect.poll(() => pids.filter(processLives)).toEqual([])
    },
  )
})
