import { basename } from 'node:path'
import { readOrdinaryFile } from '../../../../course/read/read-file.ts'
import { StartupError } from '../../../types/errors.ts'
import { howItEnded, whoEndedIt } from '../../../types/helpers/how-it-ended.ts'
import type { ProgramExit } from '../../../types/index.ts'
import type { CappedLog } from '../output/capped-log.ts'
import { explainImport } from './explain-import.ts'
import {
  commonJsPackage,
  isUtf16,
  placeInSource,
  uncaughtError,
  type Place,
  type UncaughtError,
} from './uncaught-error.ts'

/** Why a script does not parse, in plain words, from the error that taking out its types threw. */
export function explainSyntax(error: Error & { code?: string }, file: string): StartupError {
  const [place = ''] = (error.stack ?? '').split(/\n(?=\w*Error)/, 1)
  const text = `${place.replace(/^\s*:(\d+)$/m, `${file}:$1`)}\nSyntaxError [${error.code}]: ${error.message}\n\nNode.js v0\n`
  return explainExit(
    { code: 1, signal: null, at: 0 },
    { text: () => text, lastLines: (count) => text.split('\n').slice(-count) },
  )
}

type Log = Pick<CappedLog, 'text' | 'lastLines'>

/**
 * Why a program ended before it listened, in plain words, with the place in the learner's own file
 * when Node named one. Without a port: before it was loaded.
 */
export function explainExit(exit: ProgramExit, log: Log, port?: number): StartupError {
  const text = log.text()
  const error = uncaughtError(text)
  // What a program printed of an error that it caught says nothing of where it ended.
  const place = error ? placeInSource(text) : null
  const at = place ? `${place.file} line ${place.line}: ` : ''
  const excerpt = place?.excerpt ?? error?.headline.split('\n') ?? trimmed(log)
  const explained: Explained | undefined =
    (error && explainSource(error, place)) ??
    (error && explainImport(error)) ??
    explainDenied(text, error, place) ??
    explainPort(text, port) ??
    explainMemory(text, place)
  if (explained) {
    const { id, say } = explained
    const isPlaced = explained.isPlaced ?? true
    return new StartupError(id, `${isPlaced ? at : ''}${say}`, explained.lines ?? excerpt)
  }
  return new StartupError('exits', at + itEnded(exit, error, port), excerpt)
}

/** What is said of an end, and what is shown. */
interface Explained {
  readonly id: StartupError['id']
  readonly say: string
  /** False when the sentence names the place itself, or there is none to name. */
  readonly isPlaced?: boolean
  readonly lines?: string[]
}

/** A file could not be read as JavaScript: nothing of the program has run. */
function explainSource(error: UncaughtError, place: Place | null): Explained | undefined {
  if (error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return { id: 'typescript-syntax', say: `${inPlainWords(error.message)} Nothing was run.` }
  if (!error.isBeforeRun) return undefined
  if (place && isSavedAsUtf16(place.path))
    return {
      id: 'syntax',
      say: `${place.file} is saved as UTF-16, and Node reads UTF-8. Save it again with the encoding UTF-8. Nothing was run.`,
      isPlaced: false,
      lines: [],
    }
  const missing = /The requested module '(.+)' does not provide an export named '(.+)'/.exec(
    error.message,
  )
  if (missing)
    return {
      id: 'missing-import',
      say: `'${missing[1]}' has no export called '${missing[2]}'.${ifType(missing[2]!, missing[1]!)} Nothing was run.`,
    }
  const [, name, from] =
    /Named export '(.+)' not found\. The requested module '(.+)' is a CommonJS module/.exec(
      error.message,
    ) ?? []
  if (name !== undefined)
    return {
      id: 'missing-import',
      say: `'${from}' has no export called '${name}' when the program runs.${ifType(name, from!)} Nothing was run.`,
    }
  const commonJs = place && commonJsPackage(place.path)
  if (commonJs && MODULE_SYNTAX.test(error.message))
    return {
      id: 'syntax',
      say: `${error.message}: the package.json in the folder ${basename(commonJs.replace(/[\\/]package\.json$/, ''))} says "type": "commonjs". Write "type": "module" there, or remove the file. Nothing was run.`,
    }
  return { id: 'syntax', say: `${error.message.replace(/\.$/, '')}. Nothing was run.` }
}

/** Whatever a program prints as the place of an error: it may be a pipe, a device or nothing. */
function isSavedAsUtf16(path: string): boolean {
  try {
    return isUtf16(readOrdinaryFile(path))
  } catch {
    return false
  }
}

const MODULE_SYNTAX =
  /import statement outside a module|'import\.meta' outside a module|Unexpected token 'export'|await is only valid/

/** Types are left out before a program runs, but only where an import says that it is one. */
function ifType(name: string, from: string): string {
  return /^[A-Z]/.test(name)
    ? ` A type has to be imported as one: import type { ${name} } from '${from}'.`
    : ''
}

function explainDenied(
  text: string,
  error: UncaughtError | undefined,
  place: Place | null,
): Explained | undefined {
  const it = place ? 'it' : 'It'
  if (error?.code === 'ERR_DLOPEN_DISABLED')
    return {
      id: 'outside-folder',
      say: `${it} loaded a package with compiled code (a native addon). A graded program may not; use a package that is JavaScript only.`,
    }
  const denied = /ERR_ACCESS_DENIED[\s\S]*?permission: '([^']+)'[\s\S]*?resource: '([^']*)'/.exec(
    text,
  )
  if (!denied) return undefined
  const [, permission, resource] = denied
  const what =
    permission === 'ChildProcess'
      ? `tried to start ${resource || 'another program'}. A graded program is one process`
      : permission === 'WorkerThreads'
        ? 'started a worker thread, itself or through a package (pino does). A graded program has one thread'
        : permission?.startsWith('FileSystem')
          ? `reached for ${resource}. A graded program may use its own folder and the installed packages only`
          : `used what Node calls ${permission}. A graded program may not`
  return { id: 'outside-folder', say: `${it} ${what}.` }
}

function explainPort(text: string, port: number | undefined): Explained | undefined {
  if (port === undefined || !/EADDRINUSE/.test(text)) return undefined
  const other = /EADDRINUSE[^\n]*?:(\d+)\b/.exec(text)?.[1]
  if (other === undefined || Number(other) === port)
    return {
      id: 'port-taken',
      say: `Port ${port} was taken by another program.`,
      isPlaced: false,
    }
  return {
    id: 'wrong-port',
    say: `You listen on port ${other}, which is taken; the exercise gives you the port in process.env.PORT (this time ${port}).`,
    isPlaced: false,
  }
}

function explainMemory(text: string, place: Place | null): Explained | undefined {
  const isOut =
    /out of memory|Array buffer allocation failed|(?:Failed to|Cannot) allocate memory/i.test(text)
  if (!isOut) return undefined
  return {
    id: 'memory',
    say: `${place ? 'it' : 'It'} used more memory than it may have (512 MB of objects, 1 GB in all) and was ended.`,
  }
}

function itEnded(exit: ProgramExit, error: UncaughtError | undefined, port?: number): string {
  const how = howItEnded(exit)
  const when = port === undefined ? 'before it was loaded' : 'before it listened on its port'
  if (error) {
    const cause = error.cause === undefined ? '' : ` (${error.cause})`
    return `Your program ${how} ${when}: ${shortened(error.headline)}${cause}`
  }
  const why =
    exit.code === 0 && port !== undefined
      ? ' A server stays alive while it listens; does your program call listen()?'
      : whoEndedIt(exit)
  return `Your program ${how} ${when}.${why}`
}

const LONGEST = 400

function shortened(text: string): string {
  const line = text.split('\n').slice(0, 4).join(' ').replace(/\s+/g, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
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
