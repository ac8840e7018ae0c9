import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'vitest'
import { createLearnerHome, root } from './learner-home.ts'
import { startCommand } from './run-command.ts'

/**
 * It needs the package registry, and what is committed: ROUNDTRIP_FRESH_CLONE=1 npx vitest run
 * test/fresh-clone
 */
const wanted = process.env['ROUNDTRIP_FRESH_CLONE'] === '1'

test.skipIf(!wanted)(
  'clone, npm ci, npm start, npm run grade: nothing else to install, and the browser is found or installed',
  { timeout: 600_000 },
  async ({ expect, onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const clone = join(home.dir, 'clone')
    // The runtime that comes with npm has to do: the one that runs the tests is taken out of the
    // way.
    const {
      NODE_COMPILE_CACHE: _compiled,
      ROUNDTRIP_WORK: _work,
      ROUNDTRIP_HOME: _state,
      PUPPETEER_EXECUTABLE_PATH: _browser,
      ...inherited
    } = home.env
    const path = (inherited.PATH ?? '')
      .split(':')
      .filter((folder) => !folder.startsWith(root))
      .join(':')
    const caches = {
      npm_config_cache: join(home.dir, 'npm-cache'),
      PUPPETEER_CACHE_DIR: join(home.dir, 'browser-cache'),
    }
    const stranger = { ...home, env: { ...inherited, ...caches, PATH: path } }
    const durations: Record<string, string> = {}
    const run = async (name: string, command: [string, ...string[]], cwd: string) => {
      const startedAt = performance.now()
      const running = startCommand(stranger, [], { command, cwd })
      const ended = await running.ended
      durations[name] = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
      return ended
    }

    expect(
      await run('git clone', ['git', 'clone', '--quiet', root, clone], home.dir),
    ).toMatchObject({ code: 0 })
    const installed = await run('npm ci', ['npm', 'ci', '--no-audit', '--no-fund'], clone)
    expect(installed.code, installed.stderr).toBe(0)

    const port = await freePort()
    const startedAt = performance.now()
    const starting = startCommand(stranger, [], {
      command: ['npm', 'start'],
      cwd: clone,
      env: { PORT: String(port) },
    })
    const [, url] = await starting.printed(/^Read at (http:\S+)$/m)
    const answer = await fetch(url!)
    durations['npm start to the first page'] =
      `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('Cookies and state')
    starting.signal('SIGINT', 'group')
    await starting.ended

    const graded = await run(
      'npm run grade, first',
      ['npm', 'run', '--silent', 'grade', 'cookies-set-and-return'],
      clone,
    )
    expect(graded.code, graded.stdout + graded.stderr).toBe(1)
    expect(graded.stdout).toContain('work/cookies-set-and-return/server.ts')
    expect(graded.stdout).toMatch(/^Not yet: 1 of 8 · /m)
    const again = await run(
      'npm run grade, again',
      ['npm', 'run', '--silent', 'grade', 'cookies-set-and-return'],
      clone,
    )
    expect(again.code).toBe(1)
    const untracked = await run('git status', ['git', 'status', '--porcelain'], clone)
    expect(untracked.stdout).toBe('')
    console.table(durations)
  },
)

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
