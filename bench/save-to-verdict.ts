import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canConnect } from '../grader/record/program/start/wait-for-listen.ts'
import { freePort } from '../grader/record/program/ports/free-port.ts'

export interface Watched {
  /**
   * Saves the solution with a new last line; gives the milliseconds until the verdict is on the
   * screen.
   */
  save(): Promise<number>
  /**
   * Starts the same program as a person does; gives the milliseconds until it accepts connections.
   */
  start(): Promise<number>
  close(): Promise<void>
}

/** How long a learner thinks, at least, before the next save. */
const THINKING_MS = 1500

/** Has `npm run watch` watch a solution in a folder of its own. */
export async function watchSolution(
  cli: string,
  exercise: string,
  solution: string,
): Promise<Watched> {
  const home = mkdtempSync(join(tmpdir(), 'rt-bench-'))
  const folder = join(home, exercise)
  mkdirSync(folder)
  const file = join(folder, 'server.ts')
  const source = readFileSync(join(solution, 'server.ts'), 'utf8')
  writeFileSync(file, source)

  const child = spawn(process.execPath, [cli, 'watch', exercise], {
    env: { ...process.env, ROUNDTRIP_WORK: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let printed = ''
  let onPrinted = () => {}
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    onPrinted()
  })
  const verdict = () =>
    new Promise<void>((resolve, reject) => {
      void ended.then(() => reject(new Error(`watch ended:\n${printed}`)))
      onPrinted = () => {
        if (/^Passed/m.test(printed)) resolve()
        if (/^(Not yet|Could not)/m.test(printed))
          reject(new Error(`the solution did not pass:\n${printed}`))
      }
      onPrinted()
    })
  await verdict()

  let saves = 0
  return {
    async save() {
      await new Promise((resolve) => setTimeout(resolve, THINKING_MS))
      printed = ''
      const startedAt = performance.now()
      writeFileSync(file, `${source}// ${++saves}\n`)
      await verdict()
      return performance.now() - startedAt
    },
    async start() {
      await new Promise((resolve) => setTimeout(resolve, THINKING_MS))
      const port = await freePort()
      const startedAt = performance.now()
      const program = spawn(process.execPath, [file], {
        cwd: folder,
        env: { ...process.env, PORT: String(port) },
        stdio: 'ignore',
      })
      const gone = new Promise((resolve) => program.once('exit', resolve))
      while (!(await canConnect('127.0.0.1', port)))
        await new Promise((resolve) => setTimeout(resolve, 2))
      const took = performance.now() - startedAt
      program.kill()
      await gone
      return took
    },
    async close() {
      child.kill('SIGINT')
      await ended
      rmSync(home, { recursive: true, force: true })
    },
  }
}
