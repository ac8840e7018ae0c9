import { dirname, join } from 'node:path'
import { styleText } from 'node:util'
import { resolvePaths, shownPath, type Paths } from '../../course/paths.ts'
import { shortageOf } from '../../grader/machine/shortage.ts'
import { labelled } from '../../grader/report/index.ts'
import { printable } from '../../grader/report/index.ts'
import {
  examineDisk,
  examineFolder,
  examineLimits,
  examinePackages,
  examineRuntime,
  examineStore,
  examineTemporaryFolder,
} from '../doctor/examine-machine.ts'
import type { Examination } from '../doctor/examine-machine.ts'
import { Interrupted } from '../explain-error.ts'
import { interruptible } from '../interrupt.ts'
import { createStatusLine } from '../terminal/status-line.ts'

const COLUMNS = 80
const LABEL_WIDTH = 11

/**
 * Looks at everything Roundtrip needs of this machine, prints a line for each as it is known, and
 * for what is wrong the command that fixes it. The browser is really opened. Gives the exit code: 0
 * when all is well, 3 when something is not.
 * @throws Interrupted
 */
export async function doctor(paths: Paths = resolvePaths()): Promise<number> {
  return interruptible(async (signal) => {
    let browserPresent = false
    const examinations: [label: string, examine: () => Examination | Promise<Examination>][] = [
      [
        'Node',
        () =>
          examineRuntime(paths.project, {
            version: process.versions.node,
            execPath: process.execPath,
          }),
      ],
      [
        'Packages',
        async () => {
          // Versions are compared without opening a file; this one opens most of those it needs.
          await (await import('../../grader/record/browser/load-connect.ts')).loadConnect()
          return examinePackages(paths.project)
        },
      ],
      ['Your files', () => examineFolder(paths.work, paths.root)],
      ['State', () => examineFolder(paths.state, paths.root)],
      ['Progress', () => examineStore(paths)],
      ['Temp files', examineTemporaryFolder],
      ['Limits', () => examineLimits()],
      [
        'Port',
        async () =>
          (await import('../doctor/examine-port.ts')).examinePort(
            Number(process.env['PORT'] || 4321),
            paths,
          ),
      ],
      [
        'Browser',
        async () => {
          const examination = await examineBrowserHere(paths, signal)
          browserPresent = examination.good
          return examination
        },
      ],
      ['Disk', () => examineDisk(paths, browserPresent)],
      ['Class', () => examineForClass(paths)],
    ]
    const { sweepPrograms } = await import('../../grader/record/browser/install/examine-browser.ts')
    const ended = await sweepPrograms(join(paths.state, 'programs'))
    if (ended > 0)
      examinations.splice(7, 0, [
        'Programs',
        () => ({ good: true, says: `${ended} that a killed grading had left running, ended now` }),
      ])
    let wrong = 0
    for (const [label, examine] of examinations) {
      const examination = await explained(examine)
      if (signal.aborted) throw signal.reason
      if (!examination.good) wrong++
      process.stdout.write(`${examinationLines(label, examination).join('\n')}\n`)
    }
    process.stdout.write(
      wrong === 0 ? '\nAll is well.\n' : `\n${wrong} of ${examinations.length} need fixing.\n`,
    )
    return wrong === 0 ? 0 : 3
  })
}

/**
 * The lines of one examination: the mark, the label, what was found, and below it what fixes it.
 */
export function examinationLines(
  label: string,
  { good, says, remedy = [] }: Examination,
): string[] {
  const layout = { indent: 0, labelWidth: LABEL_WIDTH, columns: COLUMNS - 2 }
  const [first = '', ...rest] = labelled(label, printable(says), layout)
  // A command is shown whole, so that it can be copied.
  const asItIs = (line: string) => [' '.repeat(LABEL_WIDTH) + line]
  const fix = remedy.flatMap((line) =>
    line.startsWith('  ') ? asItIs(line) : labelled('', line, layout),
  )
  const mark = good ? styleText('green', '✓') : styleText('red', '✗')
  return [`${mark} ${first}`, ...[...rest, ...fix].map((line) => `  ${line}`)]
}

async function examineBrowserHere(paths: Paths, signal: AbortSignal): Promise<Examination> {
  const { examineBrowser } = await import('../../grader/record/browser/install/examine-browser.ts')
  const status = createStatusLine()
  try {
    const onProgress = ({ text }: { text: string }) => status.show(text)
    const { found, version, launchMs, sandbox } = await examineBrowser({
      stateDir: dirname(paths.browser),
      onProgress,
      signal,
    })
    const started = `started in ${(launchMs / 1000).toFixed(2)} s${sandbox ? '' : ' (without its sandbox)'}`
    const path = shownPath(found.executablePath, paths.root)
    return {
      good: true,
      says: `${version}, ${started}, keeps a cookie\n${path}\n(${found.source})`,
    }
  } finally {
    status.clear()
  }
}

/**
 * Whether this machine could serve a class, and grade for one. Whoever learns by themselves needs
 * none of it, so it is never wrong.
 */
async function examineForClass(paths: Paths): Promise<Examination> {
  const { examineForClass: examine } = await import('../doctor/examine-for-class.ts')
  return examine(paths)
}

/** What an examination throws is what it found, where it has a remedy. */
async function explained(examine: () => Examination | Promise<Examination>): Promise<Examination> {
  try {
    return await examine()
  } catch (error) {
    if (error instanceof Interrupted || !(error instanceof Error)) throw error
    const fault = 'remedy' in error ? error : shortageOf(error)
    if (!fault) throw error
    return { good: false, says: fault.message, remedy: String(fault.remedy).split('\n') }
  }
}
