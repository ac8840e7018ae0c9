import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { listFilesBelow } from '../../../course/read/course-files.ts'
import { readOrdinaryFile } from '../../../course/read/read-file.ts'
import type { Paths } from '../../../course/paths.ts'
import type { Exercise } from '../../../course/types.ts'
import { workFolder } from '../../../course/work/work-folder.ts'
import { writeFileAtomically } from '../../../course/write-file.ts'
import { findTypeScript, startLanguageServer, type LanguageServer } from './language-server.ts'

/** A place in a text. Both count from 0; `character` in UTF-16 code units, as JavaScript does. */
export interface Place {
  readonly line: number
  readonly character: number
}

/** Something wrong with what is typed. */
export interface Problem {
  readonly from: Place
  readonly to: Place
  /** error: the program cannot start. warning: a type is wrong, and nothing checks it at run time. */
  readonly severity: 'error' | 'warning'
  readonly message: string
}

export interface Completion {
  readonly label: string
  /** What it is, as CodeMirror names it: `method`, `property`, `keyword` … */
  readonly type: string
}

/** A file of an exercise with what is typed in it. */
export interface TypedFile {
  readonly exercise: Exercise
  readonly name: string
  readonly text: string
}

export interface TypeService {
  problems(file: TypedFile): Promise<Problem[]>
  completions(file: TypedFile, at: Place): Promise<Completion[]>
  close(): Promise<void>
}

/** So long after the last question the process is ended: it holds about 100 MB. */
const IDLE_MS = 300_000

/**
 * TypeScript's own language server, asked about files of exercises. It starts with the first
 * question. Undefined where TypeScript isn't installed.
 */
export function createTypeService(paths: Paths): TypeService | undefined {
  const typescript = findTypeScript()
  if (!typescript) return undefined
  const { program, packages } = typescript
  const workspace = join(paths.state, 'typing')
  let running: Promise<LanguageServer> | undefined
  let idle: NodeJS.Timeout | undefined
  let versions = new Map<string, number>()
  let queue: Promise<unknown> = Promise.resolve()

  const start = (): Promise<LanguageServer> => {
    versions = new Map()
    rmSync(workspace, { recursive: true, force: true })
    mkdirSync(workspace, { recursive: true })
    symlinkSync(packages, join(workspace, 'node_modules'), 'dir')
    const starting = startLanguageServer(program, workspace)
    const forget = () => {
      if (running === starting) running = undefined
    }
    starting.then(({ ended }) => ended.then(forget), forget)
    return starting
  }
  const stop = async () => {
    clearTimeout(idle)
    const server = await running?.catch(() => undefined)
    running = undefined
    await server?.close()
  }

  /** One question after another: each is about the text that was sent before it. */
  const ask = <Answer>(
    file: TypedFile,
    method: string,
    params: object,
    read: (result: unknown) => Answer,
  ): Promise<Answer> => {
    const turn = queue.then(async () => {
      clearTimeout(idle)
      idle = setTimeout(() => void stop(), IDLE_MS).unref()
      const server = await (running ??= start())
      const uri = show(server, file)
      return read(await server.request(method, { textDocument: { uri }, ...params }))
    })
    queue = turn.catch(() => {})
    return turn
  }

  /** Gives the server what is typed, beside the other files of the exercise as they are on disk. */
  const show = (server: LanguageServer, { exercise, name, text }: TypedFile): string => {
    const folder = join(workspace, exercise.id)
    const changed = mirror(exercise, folder, paths)
    if (changed.length > 0)
      server.notify('workspace/didChangeWatchedFiles', {
        changes: changed.map((path) => ({ uri: pathToFileURL(path).href, type: 2 })),
      })
    const uri = pathToFileURL(join(folder, name)).href
    const version = (versions.get(uri) ?? 0) + 1
    versions.set(uri, version)
    if (version === 1)
      server.notify('textDocument/didOpen', {
        textDocument: { uri, languageId: 'typescript', version, text },
      })
    else
      server.notify('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      })
    return uri
  }

  return {
    problems: (file) => ask(file, 'textDocument/diagnostic', {}, asProblems),
    completions: (file, position) =>
      ask(
        file,
        'textDocument/completion',
        { position, context: { triggerKind: 1 } },
        asCompletions,
      ),
    close: stop,
  }
}

/**
 * Copies the learner's files to where only this configuration is about them: theirs may lie below
 * another one, or far from the packages. Gives the paths that changed.
 */
function mirror(exercise: Exercise, folder: string, paths: Paths): string[] {
  const work = workFolder(exercise, paths)
  const files = existsSync(work) ? listFilesBelow(work).filter(isSource) : []
  const texts = new Map([
    ['tsconfig.json', JSON.stringify(configFor(exercise))],
    // As in a grading, where the project's own says so.
    ['package.json', '{"type":"module"}'],
    ...files.slice(0, MOST_FILES).map((name) => [name, sourceOf(join(work, name))] as const),
  ])
  return [...texts].flatMap(([name, text]) => {
    const path = join(folder, name)
    if (existsSync(path) && readFileSync(path, 'utf8') === text) return []
    mkdirSync(dirname(path), { recursive: true })
    writeFileAtomically(path, text)
    return [path]
  })
}

/** What cannot be read is told where it is edited or run. */
function sourceOf(path: string): string {
  try {
    return readOrdinaryFile(path).toString('utf8')
  } catch {
    return ''
  }
}

const MOST_FILES = 50

function isSource(name: string): boolean {
  return /\.(?:[cm]?[jt]s|json)$/.test(name) && name !== 'tsconfig.json'
}

/** As strict as the exercises themselves are, apart from what a learner need not write. */
function configFor({ kind }: Exercise): object {
  const inPage = kind === 'page'
  return {
    compilerOptions: {
      target: 'es2024',
      lib: ['es2024', ...(inPage ? ['dom', 'dom.iterable'] : [])],
      module: 'nodenext',
      moduleDetection: 'force',
      types: inPage ? [] : ['node'],
      strict: true,
      noImplicitAny: false,
      erasableSyntaxOnly: true,
      allowImportingTsExtensions: true,
      allowJs: true,
      noEmit: true,
      skipLibCheck: true,
    },
    include: ['**/*'],
  }
}

/** TypeScript numbers what is wrong with the syntax from 1000, with the types from 2000. */
function asProblems(result: unknown): Problem[] {
  const { items = [] } = (result ?? {}) as { items?: readonly Diagnostic[] }
  return items
    .filter(({ severity }) => severity <= 2)
    .map(({ range, code, message }) => ({
      from: range.start,
      to: range.end,
      severity: Number(code) < 2000 ? 'error' : 'warning',
      message,
    }))
}

interface Diagnostic {
  readonly range: { readonly start: Place; readonly end: Place }
  /** 1 error, 2 warning, 3 information, 4 hint. */
  readonly severity: number
  readonly code: number | string
  readonly message: string
}

function asCompletions(result: unknown): Completion[] {
  const list = Array.isArray(result) ? result : ((result as { items?: unknown[] })?.items ?? [])
  return (list as { label: string; kind?: number; sortText?: string }[])
    .toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1))
    .slice(0, MOST_COMPLETIONS)
    .map(({ label, kind }) => ({ label, type: kinds[kind ?? 0] ?? 'variable' }))
}

const MOST_COMPLETIONS = 400

/** The protocol's CompletionItemKind. */
const kinds: Record<number, string> = {
  2: 'method',
  3: 'function',
  5: 'property',
  7: 'class',
  8: 'interface',
  9: 'namespace',
  10: 'property',
  13: 'enum',
  14: 'keyword',
  21: 'constant',
}
