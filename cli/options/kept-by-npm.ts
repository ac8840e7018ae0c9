import type { Command } from 'commander'
import { npmRun } from '../../course/command-line.ts'
import { UsageError } from '../explain-error.ts'

/** Options of its own that npm would set for other reasons. */
const NPMS_OWN = ['all']

/**
 * Refuses a command whose options npm took for its own, because no `--` stood before them: `npm run
 * grade x --dir mine` would grade something else without a word. npm leaves them in the
 * environment. @throws UsageError
 */
export function refuseKeptByNpm(program: Command, argv: readonly string[]): void {
  const command = program.commands.find((each) => each.name() === argv[0])
  // A command that a script of npm's started in its turn was not typed to npm.
  if (!command || process.env['npm_lifecycle_event']?.replaceAll(':', '-') !== command.name())
    return
  const subcommand = command.commands.find((each) => each.name() === argv[1])
  const { options, registeredArguments } = subcommand ?? command
  const kept = options.filter(({ long }) => {
    const name = long!.replace(/^--(no-)?/, '')
    return (
      !NPMS_OWN.includes(name) &&
      process.env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined
    )
  })
  if (kept.length === 0) return
  const words = [
    ...(subcommand ? [subcommand.name()] : []),
    ...registeredArguments.map((argument) => `<${argument.name()}>`),
    ...kept.map(({ flags }) => flags),
  ]
  const typed = npmRun(
    process.env['npm_lifecycle_event']!,
    words.flatMap((word) => word.split(' ')),
  )
  throw new UsageError(
    `npm took ${kept.map(({ long }) => long).join(' and ')} for itself. Two dashes before your options hand them on: ${typed}`,
  )
}
