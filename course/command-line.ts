import { resolvePaths, shownPath, type Paths } from './paths.ts'
import { shellWord } from './shell-word.ts'

type Place = Pick<Paths, 'project' | 'root'>

/**
 * A command as a person types it in the project's folder: `npm run grade cookies-max-age`. It names
 * the course in use when that is another one than the project's: `npm run grade -- greet-by-name
 * --course examples/tiny-course`.
 */
export function npmRun(
  command: string,
  words: readonly string[] = [],
  { project, root }: Place = resolvePaths(),
): string {
  const all = [
    ...words.map(asTyped),
    ...(root === project ? [] : ['--course', shellWord(shownPath(root, project))]),
  ]
  // What stands behind -- is the command's own; npm would take an option before it for itself.
  const apart = all.some((word) => word.startsWith('-')) ? ['--'] : []
  return [command === 'start' ? 'npm start' : `npm run ${command}`, ...apart, ...all].join(' ')
}

/** The command that serves the course in use on a port. */
export function startOnPort(port: number, place?: Place): string {
  return `PORT=${port} ${npmRun('start', [], place)}`
}

/** `<exercise>` is a place to fill in, and no redirection. */
function asTyped(word: string): string {
  return /^<[\w-]+>$/.test(word) ? word : shellWord(word)
}
