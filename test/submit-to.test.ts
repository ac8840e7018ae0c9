import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { setAssignment } from '../class/assignments/assignments.ts'
import { issueNewCode } from '../class/people/roster.ts'
import { stubGrade } from '../testing/class/class-of-learners.ts'
import { writeFixtureCourse } from '../testing/sample-course.ts'
import {
  serveRestartable,
  type RestartableClass,
} from '../testing/class/restarted-class-in-tests.ts'
import { createLearnerHome, type LearnerHome } from './learner-home.ts'
import { startCommand, type CommandOptions } from './run-command.ts'

let folder: string
let group: RestartableClass
let home: LearnerHome
beforeAll(async () => {
  folder = writeFixtureCourse()
  group = await serveRestartable(folder)
  home = await createLearnerHome()
  home.writeWork('say-hello/server.ts', '// mine\n')
})
afterAll(async () => {
  await home.remove()
  await group.close()
  rmSync(folder, { recursive: true })
})
afterEach(async () => {
  await setAssignment(group.pool, { exerciseId: 'say-hello', opensAt: null, dueAt: null })
})

const sessions = () => join(home.state, 'class-sessions.json')

const submit = (to: string, options: CommandOptions = {}, words: string[] = []) =>
  startCommand(home, ['submit', 'say-hello', '--to', to, ...words], {
    ...options,
    env: { ROUNDTRIP_COURSE: folder, ...options.env },
  })

async function newCode(name: string): Promise<string> {
  return (await group.add(name)).code
}

test('asks for the code once, shows the verdict as here, and keeps the session for its owner alone', async () => {
  const code = await newCode('Ada Lovelace')
  const stop = await group.work(stubGrade(300, 'failed'))
  onTestFinished(stop)
  const first = submit(`${group.origin}/exercises/say-hello`, { stdin: true })
  await expect.poll(() => first.stderr()).toContain(`Your code for ${group.origin}: `)
  first.type(`${code.toLowerCase().replace('-', ' ')}\n`)
  const { code: exit, stdout } = await first.ended
  expect(stdout).toMatch(/^Submitted as Ada Lovelace: Say hello\n/)
  expect(stdout).toContain(`${join(home.work, 'say-hello/server.ts')}`)
  expect(stdout).toMatch(/✓ It starts /)
  expect(stdout).toMatch(/✗ It ends /)
  expect(stdout).toContain('\nNot yet: 2 of 3 ')
  expect(stdout).toMatch(
    new RegExp(`\nSubmitted and kept: ${group.origin}/submissions/[0-9a-f]{16}\n$`),
  )
  expect(exit).toBe(1)
  expect(statSync(sessions()).mode & 0o777).toBe(0o600)
  expect(readFileSync(sessions(), 'utf8')).not.toContain(code)
  expect(existsSync(join(home.state, 'runs'))).toBe(false)

  const second = await submit(group.origin).ended
  expect(second.stderr).not.toContain('Your code')
  expect(second.code).toBe(1)
})

test('a session that ended with its code is told, and the code asked for again', async () => {
  const { id, code } = await group.add('Grace Hopper')
  const stop = await group.work(stubGrade())
  onTestFinished(stop)
  const as = async (typed: string, words: string[] = []) => {
    const running = submit(group.origin, { stdin: true }, words)
    await expect.poll(() => running.stderr()).toContain('Your code')
    running.type(`${typed}\n`)
    return running.ended
  }
  expect(await as(code, ['--new-code'])).toMatchObject({ code: 0 })
  const card = await issueNewCode(group.pool, id, group.secret)
  const again = await as(card!.code)
  expect(again.stderr).toMatch(/^Your session with this class is over\.\nYour code for /)
  expect(again.stdout).toMatch(/^Submitted as Grace Hopper/)
  expect(again.code).toBe(0)
})

test('shows the place in line and, after Ctrl-C, what becomes of the submission', async () => {
  const other = await newCode('Other')
  const mine = await newCode('Mine')
  const ahead = submit(group.origin, { env: { ROUNDTRIP_CODE: other } })
  await expect.poll(() => ahead.stderr()).toContain('Yours is next')
  const running = submit(group.origin, { env: { ROUNDTRIP_CODE: mine } })
  await expect
    .poll(() => running.stderr())
    .toContain('1 is graded before yours. No worker is there at the moment')
  running.signal('SIGINT')
  const stopped = await running.ended
  const page = new RegExp(
    `Stopped waiting\\. Your submission stays in line and will be graded: (${group.origin}/submissions/([0-9a-f]{16}))\n`,
  ).exec(stopped.stderr)
  expect(page).not.toBeNull()
  expect(stopped.code).toBe(130)

  const newer = submit(group.origin, { env: { ROUNDTRIP_CODE: other } })
  await expect.poll(() => newer.stdout()).toContain('It takes the place of the one before')
  const replaced = await ahead.ended
  expect(replaced.stdout).toMatch(/A newer submission of yours took the place of this one: http/)
  expect(replaced.code).toBe(3)

  const stop = await group.work(stubGrade())
  onTestFinished(stop)
  expect(await newer.ended).toMatchObject({ code: 0 })
  await expect
    .poll(async () => {
      const found = await group.pool.query('SELECT state FROM submissions WHERE id = $1', [
        page![2],
      ])
      return found.rows[0].state
    })
    .toBe('judged')
})

test('a class that is restarted meanwhile is waited for', async () => {
  const code = await newCode('Patient')
  const running = submit(group.origin, { env: { ROUNDTRIP_CODE: code } })
  await expect.poll(() => running.stderr()).toContain('Yours is next')
  await group.stop()
  await expect.poll(() => running.stderr()).toContain('Your submission is kept; still waiting.')
  await group.restart()
  const stop = await group.work(stubGrade())
  onTestFinished(stop)
  const { code: exit, stdout } = await running.ended
  expect(stdout).toContain('Submitted and kept:')
  expect(exit).toBe(0)
})

test('late, not open, and another version are told', async () => {
  const env = { ROUNDTRIP_CODE: await newCode('Late') }
  const stop = await group.work(stubGrade())
  onTestFinished(stop)
  const exerciseId = 'say-hello'
  const yesterday = new Date(Date.now() - 86_400_000).toISOString()
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  await setAssignment(group.pool, { exerciseId, opensAt: null, dueAt: yesterday })
  const changed = writeFixtureCourse({ 'exercises/say-hello/checks.ts': '// older\n' })
  onTestFinished(() => rmSync(changed, { recursive: true }))
  const late = await submit(group.origin, { env: { ...env, ROUNDTRIP_COURSE: changed } }).ended
  expect(late.stdout).toMatch(/This was due on .*, so it is marked as late\.\n/)
  expect(late.stdout).toContain('The class has another version of this exercise')
  expect(late.code).toBe(0)

  await setAssignment(group.pool, { exerciseId, opensAt: tomorrow, dueAt: null })
  const early = await submit(group.origin, { env }).ended
  expect(early.stderr).toMatch(
    /^say-hello opens on .*\. Nothing was submitted, and your files are as they were\.\nSubmit it from then on: npm run submit -- say-hello --to http/,
  )
  expect(early.code).toBe(3)
})

test('a work that cannot be judged is no attempt of the learner', async () => {
  const env = { ROUNDTRIP_CODE: await newCode('Unlucky') }
  const stop = await group.work(async () => {
    throw new Error('The browser did not start.')
  })
  onTestFinished(stop)
  const { code, stdout } = await submit(group.origin, { env }).ended
  expect(stdout).toMatch(
    /Your work could not be judged: .*The browser did not start\.\nThe fault is not yours\./,
  )
  expect(code).toBe(3)
})

test.concurrent.each<[string, string[], NodeJS.ProcessEnv, RegExp]>([
  ['an unknown exercise', ['say-helo'], {}, /Did you mean "say-hello"/],
  [
    'a wrong code',
    ['say-hello'],
    { ROUNDTRIP_CODE: 'AAAA-BBBB' },
    /^Invalid code\. Nothing was submitted\./,
  ],
  [
    'no code',
    ['say-hello', '--new-code'],
    {},
    /Without a code the class does not know who you are/,
  ],
])('%s is wrong usage', async (_, words, env, says) => {
  const running = startCommand(home, ['submit', ...words, '--to', group.origin], {
    env: { ROUNDTRIP_COURSE: folder, ...env },
  })
  const { code, stderr, stdout } = await running.ended
  expect(stderr).toMatch(says)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
})
