import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Paths } from '../../../course/paths.ts'
import { findTypeScript, startLanguageServer, type LanguageServer } from './language-server.ts'
import { mirrorWork } from './mirror-work.ts'
import { readCompletions } from './read-completions.ts'
import { readProblems } from './read-problems.ts'
import type { Completion, Place, Problem, TypedFile } from './types.ts'

export interface TypeService {
  problems(file: TypedFile): Promise<Problem[]>
  completions(file: TypedFile, at: Place): Promise<Completion[]>
  /** Answers nothing any more, and settles when nothing of it runs or writes. */
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
  let isClosed = false

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
      // What was asked before, and had to wait, would start the process anew.
      if (isClosed) throw new Error('The language server was closed.')
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
    const changes = mirrorWork(exercise, folder, paths).map(({ path, type }) => ({
      uri: pathToFileURL(path).href,
      type,
    }))
    if (changes.length > 0) server.notify('workspace/didChangeWatchedFiles', { changes })
    // What was typed earlier would hide what is on disk now.
    for (const { uri } of changes)
      if (versions.delete(uri)) server.notify('textDocument/didClose', { textDocument: { uri } })
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
    problems: (file) =>
      ask(file, 'textDocument/diagnostic', {}, (result) => readProblems(result, file.text)),
    completions: (file, position) =>
      ask(
        file,
        'textDocument/completion',
        { position, context: { triggerKind: 1 } },
        readCompletions,
      ),
    async close() {
      isClosed = true
      await stop()
      await queue
    },
  }
}
