/**
 * Prints what grading costs as ratios, measured in one run on this machine: absolute times say more
 * about the machine than about us. Asserts nothing. `npm run bench -- --rounds 11` for steadier
 * medians.
 */
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { resolvePaths } from '../course/paths.ts'
import { authorsFolder } from '../testing/authors-program.ts'
import { findBrowser } from '../grader/record/browser/install/find-browser.ts'
import { measurePages } from './pages.ts'
import { measureProxy } from './proxy.ts'
import { watchSolution } from './save-to-verdict.ts'
import { compare, median, timeProcess } from './time-process.ts'

const { rounds } = new Command('npm run bench --')
  .description('Prints what grading costs as ratios, measured in one run on this machine.')
  .option('--rounds <number>', 'how often each is measured', atLeastOne, 7)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{ rounds: number }>()
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const cli = join(root, 'bin/roundtrip.mjs')
const solution = (exercise: string) => join(root, 'exercises', exercise, 'solution')
const mutant = (exercise: string, id: string) => authorsFolder(exercise, `mutants/${id}`)
const grade = (exercise: string, dir: string, exit = 0) =>
  timeProcess(process.execPath, [cli, 'grade', exercise, '--dir', dir], exit)

const { executablePath, source } = await findBrowser({
  stateDir: resolvePaths().state,
  onProgress: ({ text }) => console.log(text),
})
console.log(
  `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, ${source}\n`,
)

const cold = await compare(
  rounds,
  () => grade('cookies-set-and-return', solution('cookies-set-and-return')),
  () => timeProcess(process.execPath, [join(root, 'bench/bare-script.mjs'), executablePath]),
)
tell(
  'cold grade of an untimed exercise ÷ a bare Puppeteer script with the same visits',
  `${cold.ratio.toFixed(2)} ×   (${cold.one.toFixed(0)} ms ÷ ${cold.other.toFixed(0)} ms)`,
  'at most 1.3 ×',
)

const playwright = join(root, 'bench/playwright/node_modules/@playwright/test/cli.js')
if (existsSync(playwright)) {
  process.env['BENCH_BROWSER'] = executablePath
  const tested = await compare(
    Math.min(rounds, 5),
    () => grade('cookies-set-and-return', solution('cookies-set-and-return')),
    () =>
      timeProcess(process.execPath, [
        playwright,
        'test',
        '--config',
        join(root, 'bench/playwright'),
      ]),
  )
  tell(
    'the same ÷ a Playwright Test of the same checks',
    `${tested.ratio.toFixed(2)} ×   (${tested.one.toFixed(0)} ms ÷ ${tested.other.toFixed(0)} ms)`,
    'at most 0.5 ×',
  )
} else {
  tell(
    'the same ÷ a Playwright Test of the same checks',
    'not measured; npm ci --prefix bench/playwright installs Playwright Test',
    '',
  )
}

const wrong = median(
  await repeat(Math.min(rounds, 5), () =>
    grade('cookies-max-age', mutant('cookies-max-age', 'milliseconds'), 1),
  ),
)
tell('a wrong lifetime reported, whole process', `${(wrong / 1000).toFixed(2)} s`, 'under 1.5 s')

const three = median(await repeat(2, gradeAllThree))
tell(
  'the three cookie exercises, right solutions, in one command, beyond the 15 s',
  `${(three / 1000 - 15).toFixed(2)} s`,
  'at most 1.5 s',
)

const timed = median(await repeat(2, () => grade('cookies-max-age', solution('cookies-max-age'))))
tell(
  'cookies-max-age, right solution, beyond its 15 s of requests',
  `${(timed / 1000 - 15).toFixed(2)} s`,
  'at most 1 s',
)

tell(
  'watch: save to verdict of an untimed exercise ÷ the start-up of the program alone',
  '',
  'at most 2 ×',
)
// From the one with the fewest visits to the one with the most.
for (const exercise of ['first-exchange', 'cookies-httponly', 'cookies-set-and-return']) {
  const watched = await watchSolution(cli, exercise, solution(exercise))
  const cycle = await compare(rounds, watched.save, watched.start).finally(watched.close)
  console.log(
    `    ${exercise.padEnd(24)}${cycle.ratio.toFixed(2)} ×   (${cycle.one.toFixed(0)} ms ÷ ${cycle.other.toFixed(0)} ms)`,
  )
}

const proxy = await measureProxy(rounds)
tell(
  '1,000 small exchanges through the recording proxy ÷ without it',
  `${proxy.smallExchanges.toFixed(2)} ×`,
  'at most 1.2 ×',
)
tell(
  '4,000 on one connection while somebody looks at each ÷ without it',
  `${proxy.oneConnection.toFixed(2)} ×`,
  'at most 1.5 ×',
)
tell('an upload of 50 MB ÷ without it', `${proxy.upload.toFixed(2)} ×`, 'at most 1.2 ×')
tell(
  'the longest standstill of the event loop in a flood of interim responses',
  `${proxy.longestBlock.toFixed(0)} ms`,
  'at most 50 ms',
)

const pages = await measurePages(rounds)
tell(
  'lesson pages a second ÷ an Express with compression sending the same page',
  `${pages.ratio.toFixed(2)} ×   (${pages.course.toFixed(0)} ÷ ${pages.bare.toFixed(0)} a second, ${(pages.bytes / 1024).toFixed(0)} kB each, ${(pages.sentBytes / 1024).toFixed(1)} kB compressed)`,
  'at least 0.8 ×',
)

const firstPage = median(await repeat(Math.min(rounds, 5), timeToFirstPage))
tell('npm start to the first page', `${firstPage.toFixed(0)} ms`, '')

function tell(what: string, value: string, target: string): void {
  console.log(
    [what, [value, target && `target: ${target}`].filter(Boolean).join('   ')].join('\n    '),
  )
}

async function repeat(times: number, measure: () => Promise<number>): Promise<number[]> {
  const results: number[] = []
  for (let index = 0; index < times; index++) results.push(await measure())
  return results
}

/** `grade --all` in a work folder with the three solutions. */
async function gradeAllThree(): Promise<number> {
  const work = mkdtempSync(join(tmpdir(), 'rt-bench-'))
  for (const exercise of ['cookies-set-and-return', 'cookies-max-age', 'cookies-httponly'])
    cpSync(solution(exercise), join(work, exercise), { recursive: true })
  return timeProcess(process.execPath, [cli, 'grade', '--all'], 0, {
    ROUNDTRIP_WORK: work,
  }).finally(() => rmSync(work, { recursive: true, force: true }))
}

/** From spawn until the course page has been read. */
async function timeToFirstPage(): Promise<number> {
  const port = 46_000 + Math.floor(Math.random() * 1000)
  const startedAt = performance.now()
  const child = spawn(process.execPath, [cli, 'start'], {
    env: { ...process.env, PORT: String(port) },
    stdio: 'ignore',
  })
  try {
    for (;;) {
      const page = await fetch(`http://localhost:${port}/`).then(
        (answer) => answer.text(),
        () => '',
      )
      if (page.includes('</html>')) return performance.now() - startedAt
      if (performance.now() - startedAt > 20_000) throw new Error('the server did not start')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  } finally {
    child.kill()
    await new Promise((resolve) => child.once('exit', resolve))
  }
}

function atLeastOne(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It takes a whole number, 1 or more.')
}
