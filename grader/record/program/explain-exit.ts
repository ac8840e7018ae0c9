import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from '../../types/errors.ts'
import type { ProgramExit } from '../../types/index.ts'
import type { CappedLog } from './capped-log.ts'

/** Why a script does not parse, in plain words, from the error that taking out its types threw. */
export function explainSyntax(error: Error & { code?: string }, file: string): StartupError {
  const [place = ''] = (error.stack ?? '').split(/\n(?=\w*Error)/, 1)
  const text = `${place.replace(/^\s*:(\d+)$/m, `${file}:$1`)}\nSyntaxError [${error.code}]: ${error.message}\n`
  return explainExit(
    { code: 1, signal: null, at: 0 },
    { text: () => text, lastLines: (count) => text.split('\n').slice(-count) },
  )
}

/**
 * Why a program ended before it listened, in plain words, with the place in the learner's own file
 * when Node named one. Without a port: before it was loaded.
 */
export function explainExit(
  exit: ProgramExit,
  log: Pick<CappedLog, 'text' | 'lastLines'>,
  port?: number,
): StartupError {
  const text = log.text()
  const place = placeInSource(text)
  const at = place ? `${place.file} line ${place.line}: ` : ''
  const it = place ? 'it' : 'It'
  const excerpt = place ? place.excerpt : trimmed(log)

  const notErasable = /\[ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX\]: (.*)/.exec(text)?.[1]
  if (notErasable)
    return new StartupError(
      'typescript-syntax',
      `${at}${inPlainWords(notErasable)} Nothing was run.`,
      excerpt,
    )

  const invalid = isThrownByCode(text)
    ? undefined
    : /SyntaxError(?: \[ERR_INVALID_TYPESCRIPT_SYNTAX\])?: (.*)/.exec(text)?.[1]
  const missingExport = /The requested module '(.+)' does not provide an export named '(.+)'/.exec(
    text,
  )
  if (missingExport) {
    return new StartupError(
      'missing-import',
      `${at}'${missingExport[1]}' has no export called '${missingExport[2]}'. Nothing was run.`,
      excerpt,
    )
  }
  if (invalid) return new StartupError('syntax', `${at}${invalid}. Nothing was run.`, excerpt)

  const missing =
    /Cannot find (?:package|module) '([^']+)'/.exec(text)?.[1] ??
    /No such built-in module: (\S+)/.exec(text)?.[1]
  if (missing && /ERR_MODULE_NOT_FOUND|ERR_UNKNOWN_BUILTIN_MODULE/.test(text)) {
    return new StartupError('missing-import', missingImport(missing), excerpt)
  }

  const denied = /ERR_ACCESS_DENIED[\s\S]*?permission: '([^']+)'[\s\S]*?resource: '([^']+)'/.exec(
    text,
  )
  if (denied) {
    const [, permission, resource] = denied
    const what =
      permission === 'ChildProcess'
        ? `tried to start ${resource}. A graded program is one process`
        : `reached for ${resource}. A graded program may use its own folder and the installed packages only`
    return new StartupError('outside-folder', `${at}${it} ${what}.`, excerpt)
  }
  if (port !== undefined && /EADDRINUSE/.test(text)) {
    const other = /EADDRINUSE[^\n]*?:(\d+)\b/.exec(text)?.[1]
    if (other === undefined || Number(other) === port)
      return new StartupError(
        'port-taken',
        `Port ${port} was taken by another program.`,
        trimmed(log),
      )
    return new StartupError(
      'wrong-port',
      `You listen on port ${other}, which is taken; the exercise gives you the port in process.env.PORT (this time ${port}).`,
      trimmed(log),
    )
  }
  if (
    /out of memory|Array buffer allocation failed|(?:Failed to|Cannot) allocate memory/i.test(text)
  ) {
    return new StartupError(
      'memory',
      `${at}${it} used more memory than it may have (512 MB of objects, 1 GB in all) and was ended.`,
      excerpt.slice(0, 5),
    )
  }

  const how = exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`
  if (port === undefined)
    return new StartupError('exits', `${at}Your program ${how} before it was loaded.`, excerpt)
  const why =
    exit.code === 0
      ? ' A server stays alive while it listens; does your program call listen()?'
      : ''
  return new StartupError(
    'exits',
    `${at}Your program ${how} before it listened on its port.${why}`,
    excerpt,
  )
}

/**
 * JSON.parse and RegExp throw SyntaxErrors too, while the program runs; then one of its own lines
 * stands in the stack.
 */
function isThrownByCode(text: string): boolean {
  const stack = /^SyntaxError.*\n((?:\s+at .*\n?)*)/m.exec(text)?.[1] ?? ''
  return stack
    .split('\n')
    .some(
      (frame) =>
        /\.(ts|mts|js|mjs|cjs|cts):\d+:\d+\)?$/.test(frame) && !/node:|node_modules/.test(frame),
    )
}

interface Place {
  readonly file: string
  readonly line: number
  readonly excerpt: string[]
}

/**
 * Node prints the file, the line and a caret first for an uncaught error; in a stack the first
 * frame that is not Node's counts.
 */
function placeInSource(text: string): Place | null {
  const lines = text.split('\n')
  const header = lines.findIndex(
    (line) =>
      /^(file:\/\/)?\/?.*\.(ts|mts|js|mjs|cjs|cts):\d+$/.test(line.trim()) &&
      !line.startsWith('node:'),
  )
  if (header !== -1) {
    const [, path, line] = /^(.*):(\d+)$/.exec(lines[header]!.trim())!
    if (!path!.includes('/node_modules/')) {
      const message = lines
        .slice(header + 1)
        .find((candidate) => /^\s*[\w.]*Error\b/.test(candidate))
      const excerpt = lines
        .slice(header + 1, header + 4)
        .filter((candidate) => candidate.trim() !== '' && !/^\s+at /.test(candidate))
      if (message && !excerpt.includes(message)) excerpt.push(message)
      return { file: fileName(path!), line: Number(line), excerpt }
    }
  }
  const frame = lines.find(
    (line) => /^\s+at .*\.(ts|mts|js|mjs)/.test(line) && !/node:|node_modules/.test(line),
  )
  const match = frame && /(?:\(|at )((?:file:\/\/)?[^\s()]+):(\d+):\d+\)?$/.exec(frame)
  if (!match) return null
  const message = lines.find((line) => /^\s*[\w.]*Error\b/.test(line))
  return { file: fileName(match[1]!), line: Number(match[2]), excerpt: message ? [message] : [] }
}

function fileName(path: string): string {
  return basename(path.startsWith('file:') ? fileURLToPath(path) : path)
}

/** The last lines, without what Node says about itself. */
function trimmed(log: Pick<CappedLog, 'lastLines'>): string[] {
  const lines = log.lastLines(60)
  const internal = lines.findIndex((line) => line.startsWith('node:internal/'))
  // After the place in Node's own source come the line there, carets and an empty line.
  const quoted =
    internal === -1 ? 0 : lines.slice(internal).findIndex((line) => /^\s*\^+$/.test(line)) + 1
  const own = lines.filter(
    (_, index) => index < internal || index >= internal + quoted || internal === -1,
  )
  return own
    .filter((line) => !/^\s+at .*\(?node:|^Node\.js v\d|^\(Use `node --trace-uncaught/.test(line))
    .slice(-20)
}

function inPlainWords(message: string): string {
  if (/enum/.test(message))
    return 'enum needs code to be generated, and this course runs TypeScript by leaving the types out. Use an object or a union of strings.'
  if (/parameter property/.test(message))
    return 'a parameter property (constructor(private x)) needs code to be generated. Declare the field and assign it in the constructor.'
  if (/namespace/.test(message)) return 'a namespace needs code to be generated. Use a module.'
  return `${message}: this course runs TypeScript by leaving the types out, so only syntax that can be left out works.`
}

function missingImport(name: string): string {
  if (name.startsWith('node:')) return `Node has no built-in module called '${name}'.`
  if (/^[./]|^file:/.test(name))
    return `The file '${fileName(name)}' you import does not exist. Imports of files carry their ending: './store.ts'.`
  return `The package '${name}' is not installed. Node's own modules, express and cookie-parser are there.`
}
