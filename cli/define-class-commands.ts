import { Option, type Command } from 'commander'
import type { ExitCode } from './exit-code.ts'

export type Finish = (code: ExitCode) => void

/** Adds `class`, which serves a class, with the commands of a teacher within it. */
export function defineClassCommands(program: Command, finish: Finish): void {
  const group = program
    .command('class')
    .description('serve the course to a class; the commands below work while it runs, too')
    .action(async () => finish(await (await import('./commands/class.ts')).serveClass()))

  group
    .command('roster')
    .description('add people to the class, and give their cards as CSV')
    .argument(
      '[names]',
      'a file: a name a line, or CSV with the columns name and id (the identifier of your school)',
    )
    .option('--teacher <name>', 'add a teacher instead')
    .option('--out <file>', 'where to write the cards, instead of standard output')
    .action(async (names: string | undefined, options) =>
      finish(await (await import('./commands/class/roster.ts')).addToRoster(names, options)),
    )

  group
    .command('export')
    .description('the gradebook as CSV for Canvas, or what else is kept')
    .addOption(
      new Option('--plain', 'the gradebook with a line per learner and exercise').conflicts([
        'person',
        'work',
      ]),
    )
    .addOption(
      new Option(
        '--person <id>',
        'everything that is kept of one person, as JSON: by the identifier of your school, or the id in the address of their page',
      ).conflicts('work'),
    )
    .option('--work <exercise>', "everybody's best submission of an exercise, as a tar archive")
    .option('--out <file>', 'where to write it, instead of standard output')
    .action(async (options) =>
      finish(await (await import('./commands/class/export.ts')).exportClass(options)),
    )

  group
    .command('regrade')
    .description('judge what was submitted by the checks as they are now')
    .argument('<exercise>')
    .addOption(new Option('--latest', "everybody's newest submission").conflicts('best'))
    .option('--best', "everybody's best submission (this is what happens unless you say --latest)")
    .option('--publish', 'let the new verdicts count, once all of them are there')
    .action(async (exercise: string, options) =>
      finish(await (await import('./commands/class/regrade.ts')).regradeClass(exercise, options)),
    )
}
