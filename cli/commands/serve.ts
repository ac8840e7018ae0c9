import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { scrubbedEnvironment } from '../../grader/record/program/start/environment.ts'
import { programLabel } from '../../grader/record/program/learner-program.ts'
import {
  guarded,
  nodeArguments,
  shellCommand,
} from '../../grader/record/program/start/node-command.ts'
import { realPath } from '../../grader/record/program/program-folders.ts'
import { startedByCommand } from '../../grader/record/program/processes/started-by-command.ts'
import {
  copyWithGiven,
  placed,
  setUpByHand,
  type Program,
  type SetUpByHand,
} from '../../grader/index.ts'
import { requireLoopback } from '../../grader/machine/loopback.ts'
import { closeServer, listenOn, PortTaken } from '../../server/http/listen.ts'
import { chosenPort } from '../options/chosen-port.ts'
import { chosenProgram, requireOneSource, type ProgramSource } from '../options/chosen-program.ts'
import { requireExercise } from '../options/find-exercise.ts'
import { loadEveryCourse } from '../reading/other-courses.ts'
import { runInForeground } from '../run-in-foreground.ts'
import { interrupted, interruptible } from '../interrupt.ts'
import { Interrupted, UsageError } from '../explain-error.ts'
import { signalExitCode, type ExitCode } from '../exit-code.ts'

/**
 * Runs the learner's program, or the one that options name, as the grader does, in the foreground,
 * until Ctrl-C: with a freshly drawn environment, of which the shell's own values are kept, and
 * with the servers around it that a grading would open. Gives the program's own outcome, or the
 * code of the signal that ended it. @throws UsageError
 */
export async function serve(id: string, source: ProgramSource = {}): Promise<ExitCode> {
  try {
    return await interruptible(async (signal) => {
      const code = await serveUntil(signal, id, source)
      signal.throwIfAborted()
      return code
    })
  } catch (error) {
    // Whoever ends it is told nothing: the program's own last words are the last.
    if (error instanceof Interrupted) return signalExitCode(error.signal)
    throw error
  }
}

async function serveUntil(
  signal: AbortSignal,
  id: string,
  source: ProgramSource,
): Promise<ExitCode> {
  const found = requireExercise(await loadEveryCourse(), id)
  const { exercise } = found
  if (exercise.kind === 'client')
    throw new UsageError(
      `${exercise.files[0]} of ${id} isn't a server: the grader calls its functions. npm run grade ${id} shows what each call sent and got.`,
    )
  requireOneSource(source, 'run')
  const { program: chosen } = chosenProgram(found, source)
  await requireLoopback()
  const port = String(chosenPort(3000, (free) => `PORT=${free} npm run serve ${id}`))
  await requireFree(Number(port), id)
  const { environment, origins, sites, page, close } = await setUpByHand(exercise)
  const given = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, process.env[name] ?? value]),
  )
  const scheme = Object.entries(sites).some(
    ([site, variable]) => variable === 'PORT' && site.startsWith('https:'),
  )
    ? 'https'
    : 'http'
  process.stdout.write(
    `${programLabel(chosen)} runs with PORT=${port}: ${scheme}://127.0.0.1:${port} (Ctrl-C ends it)\n`,
  )
  // At an address that the shell's value took the place of, there is only a stranger.
  const isReplaced = (url: string) =>
    Object.entries(environment).some(
      ([name, value]) => value.includes(url) && given[name]?.includes(url) !== true,
    )
  for (const { name, url } of origins.filter(({ url }) => !isReplaced(url)))
    process.stdout.write(`  ${url}  is ${name}\n`)
  for (const [name, value] of Object.entries(given)) process.stdout.write(`  ${name}=${value}\n`)
  for (const [site, variable] of Object.entries(sites)) {
    process.stdout.write(
      `  ${site}  is asked by curl -i ${placed(site, variable === 'PORT' ? port : (given[variable] ?? '')).join(' ')} ${site}/\n`,
    )
  }
  // A page is read anew at each request, and a copy would not be.
  const { program, notes, remove } =
    chosen.kind === 'page'
      ? {
          program: { ...chosen, entry: exercise.entry ?? chosen.entry },
          notes: [],
          remove: () => {},
        }
      : copyWithGiven(exercise, chosen)
  for (const note of notes) process.stdout.write(`  ${note}\n`)
  try {
    return program.kind === 'page'
      ? await servePage(program, id, Number(port), { environment: given, ...page }, signal)
      : await runServer(program, { ...given, PORT: port }, signal)
  } finally {
    remove()
    await close()
  }
}

/** A learner's own program would say it in a stack trace. */
async function requireFree(port: number, id: string): Promise<void> {
  try {
    await closeServer(await listenOn('127.0.0.1', port, () => {}))
  } catch (error) {
    if (error instanceof PortTaken) throw taken(port, id)
    // Whatever else there is about this port, the program will say by itself.
  }
}

function taken(port: number, id: string): UsageError {
  return new UsageError(
    `Port ${port} is taken. Choose another: PORT=${port + 1} npm run serve ${id}`,
  )
}

async function runServer(
  program: Exclude<Program, { kind: 'page' }>,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (program.kind === 'client' || program.kind === 'url')
    throw new Error(`nothing to run: ${program.kind}`)
  const dir = realPath(program.dir) ?? program.dir
  const line =
    program.kind === 'files'
      ? [process.execPath, ...nodeArguments(dir), join(dir, program.entry)]
      : shellCommand(program.command)
  // Any process may have the same PORT here. What this start left behind is known by a value that
  // no other process has.
  const serving = randomUUID()
  const env = { ...scrubbedEnvironment(), ...environment, ROUNDTRIP_SERVING: serving }
  const code = await runInForeground(guarded(line), { cwd: dir, env }, signal, (pid) =>
    program.kind === 'command' ? startedByCommand(pid, `ROUNDTRIP_SERVING=${serving}`) : null,
  )
  return code === 0 || code === null ? 0 : 1
}

async function servePage(
  program: Program & { kind: 'page' },
  id: string,
  port: number,
  {
    environment,
    site: answer,
    cacheControl,
  }: Pick<SetUpByHand, 'environment'> & SetUpByHand['page'],
  signal: AbortSignal,
): Promise<ExitCode> {
  const { listening, servePage: siteOf } =
    await import('../../grader/record/program/page/page-program.ts')
  let site: ReturnType<typeof siteOf>
  try {
    site = siteOf(program, environment, {
      live: true,
      onMissing: (say) => console.error(say),
      onThrown: (error) => console.error((error as Error).message),
      ...(answer && { answer }),
      ...(cacheControl !== undefined && { cacheControl }),
    })
    await listening(site, port)
  } catch (error) {
    if (error instanceof Error && error.name === 'StartupError') throw new UsageError(error.message)
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw taken(port, id)
    throw error
  }
  await interrupted(signal)
  site.closeAllConnections()
  site.close()
  return 0
}
