import { Command, CommanderError, Option } from 'commander'
import { npmRun } from '../course/command-line.ts'
import type { ExitCode } from './exit-code.ts'
import { defineClassCommands, type Finish } from './define-class-commands.ts'
import { explainError } from './explain-error.ts'
import { interruptible } from './interrupt.ts'
import { refuseKeptByNpm } from './options/kept-by-npm.ts'
import packageFile from '../package.json' with { type: 'json' }
import { requireFolders } from './options/require-folders.ts'
import { resolveUserPath } from './options/invocation-directory.ts'
import { withBrowser } from './with-browser.ts'

/**
 * Runs one command line and gives its exit code. Never throws: what goes wrong is said on stderr
 * with its remedy.
 */
export async function runCommand(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const program = defineCommands((code) => (exitCode = code))
  try {
    refuseKeptByNpm(program, argv)
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const explained = explainError(error)
    process.stderr.write(`${explained.message}\n`)
    return explained.exitCode
  }
}

function defineCommands(finish: Finish): Command {
  const program = new Command('roundtrip')
    .description('Read a lesson, implement the exercise, get a verdict you can trust.')
    .exitOverride()
    .showHelpAfterError('(npm run <command> -- --help tells more)')
    .configureHelp({ showGlobalOptions: false })
    .version(packageFile.version, '--version', 'which version this is')

  program
    .command('start')
    .description('read the course in the browser')
    .argument('[folders...]', 'other courses to read beside this one')
    .action(async (folders: string[]) =>
      finish(await (await import('./commands/start.ts')).start(folders)),
    )

  program
    .command('grade')
    .description('grade your work on an exercise')
    .argument('[exercise]', 'id of the exercise: cookies-max-age')
    .option('--all', 'grade every exercise you have begun')
    .option('--dir <folder>', 'grade the files in another folder')
    .option('--file <file>', 'grade one file')
    .option('--cmd <command>', 'grade a program in any language, run with PORT set')
    .option('--url <address>', 'grade a server that already runs')
    .addOption(
      new Option('--reporter <kind>', 'how to tell the verdict')
        .choices(['text', 'json', 'junit'])
        .default('text'),
    )
    .option('--verbose', 'show the evidence of every check')
    .action(async (exercise: string | undefined, options) =>
      finish(
        await withBrowser(exercise, async (signal) =>
          (await import('./commands/grade.ts')).grade(exercise, options, signal),
        ),
      ),
    )

  program
    .command('watch')
    .description('grade your work on every save')
    .argument('<exercise>')
    .option(
      '--poll',
      'look at the files instead of waiting for events (network drives, mounted folders)',
    )
    .option('--verbose', 'show the evidence of every check')
    .action(async (exercise: string, options) =>
      finish(await (await import('./commands/watch.ts')).watch(exercise, options)),
    )

  program
    .command('submit')
    .description('grade your work and keep it for good; a pass unlocks the reference solution')
    .argument('<exercise>')
    .option('--to <address>', 'submit it to your class, which grades it: https://course.example')
    .option('--new-code', 'with --to: ask for the code again, because somebody else submits')
    .option('--verbose', 'show the evidence of every check')
    .action(async (exercise: string, options) =>
      finish(
        options.to === undefined
          ? await withBrowser(exercise, async (signal) =>
              (await import('./commands/submit.ts')).submit(exercise, options, signal),
            )
          : await interruptible(async (signal) =>
              (await import('./commands/submit-to.ts')).submitTo(exercise, options, signal),
            ),
      ),
    )

  program
    .command('replay')
    .description('judge a kept run again, without browser or program')
    .argument('<run>', 'its id, at the end of the report; or that of a submission')
    .addOption(
      new Option('--reporter <kind>', 'how to tell the verdict')
        .choices(['text', 'json', 'junit'])
        .default('text'),
    )
    .option('--verbose', 'show the evidence of every check')
    .option('--svg <folder>', 'draw what was recorded into files')
    .action(async (run: string, options) =>
      finish(await (await import('./commands/replay.ts')).replay(run, options)),
    )

  program
    .command('serve')
    .description('run your program by hand, on port 3000 unless PORT says another')
    .argument('<exercise>')
    .option('--dir <folder>', 'run the files in another folder')
    .option('--file <file>', 'run one file')
    .option('--cmd <command>', 'run a program in any language')
    .action(async (exercise: string, options) =>
      finish(await (await import('./commands/serve.ts')).serve(exercise, options)),
    )

  program
    .command('reset')
    .description('go back to the stub, after a copy of your work')
    .argument('<exercise>')
    .action(async (exercise: string) =>
      finish((await (await import('./commands/reset.ts')).reset(exercise)) as ExitCode),
    )

  program
    .command('merge')
    .description(
      'take a stub that has changed since you began into your files, after a copy of them',
    )
    .argument('<exercise>')
    .option('--keep', 'leave your files as they are')
    .action(async (exercise: string, options) =>
      finish((await (await import('./commands/merge.ts')).merge(exercise, options)) as ExitCode),
    )

  program
    .command('progress')
    .description('what you have read and passed, and what comes next')
    .action(async () =>
      finish((await (await import('./commands/progress.ts')).progress()) as ExitCode),
    )

  program
    .command('book')
    .description('write the course as one HTML file, to be read and printed without the server')
    .option('--out <file>', 'where to write it')
    .action(async (options: { out?: string }) =>
      finish(await (await import('./commands/book.ts')).book(options)),
    )

  program
    .command('verify')
    .description(
      "the author's gate: solution, stub, mutants and junk programs earn what they should",
    )
    .argument('[exercises...]')
    .option('--all', 'also what has not changed since it was last green')
    .option('--update', 'keep what learners read now as the reviewed feedback')
    .option(
      '--repeat <times>',
      'grade each program so many times; verdicts and words must stay the same',
      '1',
    )
    .option('--slow', 'grade each program on a slowed machine too')
    .option('--shard <part>', 'only one part of the exercises: 1/3, 2/3 or 3/3 of three')
    .option('--jobs <number>', 'gradings side by side, and twice as many that only wait', '6')
    .option('--verbose', 'a line for every grading')
    .action(async (exercises: string[], options) =>
      finish(await (await import('./commands/verify.ts')).verify(exercises, options)),
    )

  program
    .command('lint-course')
    .description("every mistake in a course's texts, with its place and how to fix it")
    .option('--write-docs', 'also write docs/schemas/ and docs/reference.md anew')
    .action(async (options) =>
      finish(await (await import('./commands/lint-course.ts')).lintCourse(options)),
    )

  program
    .command('mutant')
    .description('open a mutant of an exercise as a file, and write its patch back')
    .argument('<exercise>')
    .argument('<id>', 'the diagnosis it has to earn')
    .action(async (exercise: string, id: string) =>
      finish(await (await import('./commands/mutant.ts')).mutant(exercise, id)),
    )

  program
    .command('new')
    .description('write an exercise, a lesson or a course that passes the gate as it is')
    .argument('<what>', 'exercise, lesson or course')
    .argument('<name>', 'its id; the folder of a course')
    .option('--kind <kind>', 'of an exercise: server, client or page')
    .option('--lesson <lesson>', 'the lesson an exercise belongs to')
    .option('--section <section>', 'the section a lesson belongs to, there or new')
    .option('--title <title>')
    .option('--no-verify', 'only write the files')
    .action(async (what: string, name: string, options) =>
      finish(await (await import('./commands/new.ts')).createNew(what, name, options)),
    )

  defineClassCommands(program, finish)

  program
    .command('worker')
    .description('grade what a class submits: DATABASE_URL names its database')
    .action(async () => finish(await (await import('./commands/worker.ts')).worker()))

  program
    .command('doctor')
    .description('what is wrong with this machine, and the command that fixes it')
    .action(async () => finish((await (await import('./commands/doctor.ts')).doctor()) as ExitCode))

  // Every command works on the course in use; --course chooses another one, as ROUNDTRIP_COURSE
  // does.
  const commands = program.commands.flatMap((command) => [command, ...command.commands])
  commands.forEach((command) =>
    command
      .option('--course <folder>', 'another course than the one that came with Roundtrip')
      .hook('preAction', () => {
        const { course } = command.opts<{ course?: string }>()
        if (course !== undefined) process.env['ROUNDTRIP_COURSE'] = resolveUserPath(course)
        // Doctor shows it beside what else it finds.
        if (command.name() !== 'doctor') requireFolders()
      }),
  )
  // The most general handler of errors that commander itself finds (an unknown option) is the same
  // for all.
  commands.forEach((command) =>
    command
      .exitOverride()
      .showHelpAfterError(`(npm run ${asTyped(command)} --help tells more)`)
      .configureOutput({ outputError: (text, write) => write(askedFor(text, command)) }),
  )
  return program
}

/** A command before its options: `grade --`, `class -- roster`. */
function asTyped(command: Command): string {
  const { parent } = command
  return parent?.parent ? `${parent.name()} -- ${command.name()}` : `${command.name()} --`
}

/** What commander says of an argument that is missing, as a question a person can answer. */
function askedFor(text: string, command: Command): string {
  const missing = /^error: missing required argument '(.+)'$/m.exec(text)?.[1]
  if (missing === undefined) return text
  const { question = `Which ${missing}?`, where } = MISSING[missing] ?? {}
  const needed = command.registeredArguments
    .filter(({ required }) => required)
    .map((argument) => `<${argument.name()}>`)
  const { parent } = command
  const [name, ...words] = parent?.parent ? [parent.name(), command.name()] : [command.name()]
  return `${question} ${npmRun(name!, [...words, ...needed])}${where ? `. ${where()}` : ''}\n`
}

const MISSING: Readonly<Record<string, { question?: string; where?: () => string }>> = {
  exercise: { where: () => `${npmRun('progress')} lists them.` },
  run: { where: () => 'Its id is at the end of a report.' },
  what: { question: 'A new exercise, lesson or course?' },
}
