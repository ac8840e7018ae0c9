import { accessSync, constants, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A graphical editor. */
export interface Editor {
  /** As a person knows it: `code`. */
  readonly name: string
  readonly command: string
  /** The arguments before the files. */
  readonly args: readonly string[]
}

/** How the machine is looked at; tests put their own in its place. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  readonly isProgram: (path: string) => boolean
}

/**
 * The editor the learner means: ROUNDTRIP_EDITOR, whatever it is; VISUAL or EDITOR when they name
 * one that opens a window, for a server has no terminal to lend; else the first known one in PATH;
 * else what the system edits text with. Undefined when there is none.
 */
export function findEditor(
  { env, platform, isProgram }: Surroundings = here(),
): Editor | undefined {
  const named = (line: string | undefined, anyEditor: boolean): Editor | undefined => {
    const [command, ...args] = wordsOf(line ?? '')
    if (command === undefined || !(anyEditor || withWindow.includes(basename(command))))
      return undefined
    const path = programAt(command)
    // Nobody waits for the window to be closed.
    return path === undefined
      ? undefined
      : {
          name: basename(command),
          command: path,
          args: args.filter((word) => word !== '--wait' && word !== '-w'),
        }
  }
  const programAt = (command: string): string | undefined => {
    if (command.includes('/')) return isProgram(command) ? command : undefined
    const folders = (env['PATH'] ?? '').split(':').filter(Boolean)
    return folders.map((folder) => join(folder, command)).find(isProgram)
  }
  return (
    named(env['ROUNDTRIP_EDITOR'], true) ??
    named(env['VISUAL'], false) ??
    named(env['EDITOR'], false) ??
    withWindow.map((name) => named(name, false)).find((editor) => editor !== undefined) ??
    systemEditor(platform)
  )
}

/** Of these, the first one found is taken. */
const withWindow = [
  'code',
  'cursor',
  'windsurf',
  'codium',
  'code-insiders',
  'zed',
  'zeditor',
  'subl',
  'webstorm',
  'idea',
  'fleet',
  'nova',
  'bbedit',
  'mate',
  'pulsar',
  'lapce',
  'kate',
  'gedit',
  'gnome-text-editor',
  'mousepad',
  'xed',
  'notepad++',
  'gvim',
  'mvim',
]

function here(): Surroundings {
  return { env: process.env, platform: process.platform, isProgram }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Words parted by spaces; those with spaces within stand in quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  )
}

function systemEditor(platform: NodeJS.Platform): Editor | undefined {
  if (platform === 'darwin')
    return { name: 'your text editor', command: '/usr/bin/open', args: ['-t'] }
  return undefined
}
