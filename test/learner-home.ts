import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { resolvePaths } from '../course/paths.ts'
import { freePort } from '../grader/record/program/ports/free-port.ts'
import { processesOf, seesProcesses, stillRunning, untilGone } from './processes.ts'
import { findTestBrowser } from './test-browser.ts'

/** The project's folder. */
export const root = resolvePaths({}).root

/**
 * A learner's machine in a folder of its own: their work, what Roundtrip keeps, and a place for
 * temporary files that nothing else uses.
 */
export interface LearnerHome {
  readonly dir: string
  readonly work: string
  readonly state: string
  readonly temp: string
  /**
   * Where this learner reads the course. The tests take their ports here or from `freePort`, and
   * none is 4321 or 3000: somebody may be reading and serving there meanwhile.
   */
  readonly port: number
  /** What every process of this learner is given. */
  readonly env: NodeJS.ProcessEnv
  /** Writes a file of the learner's own: `cookies-max-age/server.ts`. Gives its path. */
  writeWork(path: string, content: string): string
  /** The runs that were kept. */
  runs(): { readonly id: string; readonly report: any; readonly evidence: string }[]
  /** Removes it, with the processes that still belong to it. */
  remove(): Promise<void>
}

const NOT_INHERITED =
  /^(PORT|ACCESS_CODE|CI|COLUMNS|FORCE_COLOR|NO_COLOR|NODE_ENV|NODE_OPTIONS|ROUNDTRIP_.*|VITEST.*|npm_.*|TEST|MODE|DEV|PROD|SSR|BASE_URL)$/

/**
 * Makes an empty home, for one test when its `onTestFinished` is given. The browser is the one this
 * machine has, so that no test installs one of its own.
 */
export async function createLearnerHome(
  onTestFinished?: (remove: () => Promise<void>) => void,
): Promise<LearnerHome> {
  const browser = await findTestBrowser()
  // Short, for sockets lie in it and their paths may have about 100 characters.
  const dir = mkdtempSync(join(realpathSync(tmpdir()), 'rt-'))
  const folders = { work: join(dir, 'work'), state: join(dir, 'state'), temp: join(dir, 'temp') }
  mkdirSync(folders.temp)
  const port = await freePort()
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name))
  const env = {
    ...Object.fromEntries(inherited),
    ...browser.env,
    PUPPETEER_EXECUTABLE_PATH: browser.executablePath,
    ROUNDTRIP_WORK: folders.work,
    ROUNDTRIP_HOME: folders.state,
    PORT: String(port),
    TMPDIR: folders.temp,
    TEMP: folders.temp,
    TMP: folders.temp,
    // Compiled once for all of them.
    NODE_COMPILE_CACHE: join(resolvePaths({}).state, 'compile-cache'),
  }
  const remove = async () => {
    // A test that failed may have left something that still writes here.
    if (seesProcesses)
      await untilGone(() => stillRunning(processesOf(dir).filter(({ pid }) => killed(pid))))
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  }
  onTestFinished?.(remove)
  return {
    dir,
    ...folders,
    port,
    env,
    remove,
    writeWork(path, content) {
      const file = join(folders.work, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
      return file
    },
    runs: () => readRuns(join(folders.state, 'runs')),
  }
}

/**
 * The user who runs the tests; root may write everywhere, so another one then, if that one may read
 * the project. Null when there is none.
 */
export function someoneWithoutRights(home: LearnerHome): number | null {
  const own = process.getuid?.()
  if (own !== 0) return own ?? null
  const readable = (path: string) => (statSync(path).mode & 0o005) === 0o005
  const parents = root
    .split('/')
    .map((_, index, parts) => parts.slice(0, index + 1).join('/') || '/')
  if (!parents.every(readable)) return null
  for (const folder of [home.dir, home.temp]) chmodSync(folder, 0o777)
  return 65_534
}

function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

function readRuns(folder: string): ReturnType<LearnerHome['runs']> {
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((id) => ({
    id,
    report: JSON.parse(readFileSync(join(folder, id, 'report.json'), 'utf8')),
    evidence: readFileSync(join(folder, id, 'evidence.json'), 'utf8'),
  }))
}
