import { Command } from 'commander'
import { afterEach, expect, test, vi } from 'vitest'
import { refuseKeptByNpm } from './kept-by-npm.ts'

afterEach(() => vi.unstubAllEnvs())

const program = new Command()
program
  .command('grade')
  .argument('[exercise]')
  .option('--all')
  .option('--dir <folder>')
  .option('--reporter <kind>')
program.command('lint-course').option('--write-docs')
program.command('class').command('export').option('--person <id>')
program.command('new').argument('<what>').argument('<name>').option('--no-verify')

/** What npm leaves in the environment of a script. */
function npmRan(script: string, kept: Readonly<Record<string, string>>): void {
  vi.stubEnv('npm_lifecycle_event', script)
  for (const [name, value] of Object.entries(kept)) vi.stubEnv(`npm_config_${name}`, value)
}

test.each([
  [
    'grade',
    { dir: 'mine' },
    'npm took --dir for itself. Two dashes before your options hand them on: npm run grade -- <exercise> --dir <folder>',
  ],
  [
    'grade',
    { dir: 'true', reporter: 'true' },
    'npm took --dir and --reporter for itself. Two dashes before your options hand them on: npm run grade -- <exercise> --dir <folder> --reporter <kind>',
  ],
  [
    'lint:course',
    { write_docs: 'true' },
    'npm took --write-docs for itself. Two dashes before your options hand them on: npm run lint:course -- --write-docs',
  ],
  [
    'new',
    { verify: '' },
    'npm took --no-verify for itself. Two dashes before your options hand them on: npm run new -- <what> <name> --no-verify',
  ],
])('%s %j is wrong usage', (script, kept, message) => {
  npmRan(script, kept)
  expect(() => refuseKeptByNpm(program, [script.replace(':', '-'), 'x'])).toThrow(message)
})

test('so is an option of a command within a command', () => {
  npmRan('class', { person: '017' })
  expect(() => refuseKeptByNpm(program, ['class', 'export'])).toThrow(
    /: npm run class -- export --person <id>$/,
  )
})

test.each<[string, string, Record<string, string>]>([
  ['npm kept nothing', 'grade', { loglevel: 'silent' }],
  ['npm has the option itself', 'grade', { all: 'true' }],
  ['another script ran the command', 'test', { dir: 'mine' }],
])('nothing is said when %s', (_, script, kept) => {
  npmRan(script, kept)
  expect(() => refuseKeptByNpm(program, ['grade', 'x'])).not.toThrow()
})
