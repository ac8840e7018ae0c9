import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { explainFileError } from '../../../../course/read/file-error.ts'
import { readOrdinaryText } from '../../../../course/read/read-file.ts'
import { stripTypes } from '../../../../course/read/strip-types.ts'
import { GraderError } from '../../../types/errors.ts'
import type { Diagnosis } from '../../../types/index.ts'
import type { SiteAnswer } from '../../../types/kit.ts'
import { answerRequest } from '../../wire/partner/answer-request.ts'
import { explainSyntax } from '../explain/explain-exit.ts'
import type { Program, RunningProgram, StartOptions } from '../learner-program.ts'
import { importsIt, missingModule, MODULE_TYPES, moduleAt, scriptPath } from './page-modules.ts'

type PageProgram = Extract<Program, { kind: 'page' }>

/**
 * Serves a learner's script with the page it is for: `/` is index.html with its placeholders filled
 * from the environment, `/page.js` is page.ts without its types. The site answers as long as the
 * program is not ended.
 * @throws StartupError when the script does not parse.
 */
export async function startPageProgram(
  program: PageProgram,
  { onSpawn = () => {}, environment = {}, snapshot, site: answer, cacheControl }: StartOptions,
): Promise<RunningProgram> {
  const startedAt = performance.now()
  const remarks: Diagnosis[] = []
  const onMissing = (say: string) => void remarks.push({ id: 'missing-module', say })
  const served = new Map<string, string>()
  const onServed = (name: string, source: string) => void served.set(name, source)
  const read = (file: string) => snapshot?.textOf(file) ?? readOrdinaryText(file)
  let thrown: { error: unknown } | undefined
  const site = servePage(program, environment, {
    read,
    onMissing,
    onServed,
    onThrown: (error) => (thrown ??= { error }),
    ...(answer && { answer }),
    ...(cacheControl !== undefined && { cacheControl }),
  })
  await listening(site, 0)
  onSpawn()
  const { port } = site.address() as AddressInfo
  return {
    host: '127.0.0.1',
    port,
    scripts: { [scriptPath(program.entry)]: program.entry },
    readyMs: performance.now() - startedAt,
    log: () => '',
    printed: () => [],
    remarks: () => remarks,
    thrown: () => thrown,
    importerOf: (specifier) => [...served].find(([, source]) => importsIt(source, specifier))?.[0],
    exit: () => null,
    isBusy: async () => false,
    async end() {
      site.closeAllConnections()
      await new Promise((resolve) => site.close(resolve))
      return false
    },
  }
}

interface SiteOptions {
  /** The script is the one of the moment it is asked for, not the one of now. */
  readonly live?: boolean
  /** Gives the text of a script: what is on the disk, unless given. */
  readonly read?: (file: string) => string
  /** Called with a sentence about a module that a script imports and that is not there. */
  readonly onMissing?: (say: string) => void
  /** Called with a script of the learner's, by the name of its file, as it is sent. */
  readonly onServed?: (name: string, source: string) => void
  /** The author's own routes: asked first, with every request. */
  readonly answer?: SiteAnswer
  /** Called with what they throw. */
  readonly onThrown?: (error: unknown) => void
  /** Of the page and its scripts: `no-store` when left out. */
  readonly cacheControl?: string
}

/**
 * The site of a page, not listening yet.
 * @throws StartupError when the script does not parse now.
 */
export function servePage(
  { dir, entry, html }: PageProgram,
  environment: Readonly<Record<string, string>>,
  {
    live = false,
    read = readOrdinaryText,
    onMissing = () => {},
    onServed = () => {},
    answer,
    onThrown = () => {},
    cacheControl = 'no-store',
  }: SiteOptions = {},
): Server {
  const page = filled(pageText(html), environment)
  const now = script(join(dir, entry), read)
  const current = () => (live ? scriptOrItsFault(join(dir, entry), read) : now)
  const fileAt = (path: string): ServedFile | undefined => {
    if (path === '/' || path === '/index.html') return { type: 'text/html', content: page }
    const isEntry = path === scriptPath(entry)
    const file = isEntry ? join(dir, entry) : moduleAt(dir, entry, path)
    if (file === undefined) return undefined
    const content = isEntry ? current() : scriptOrItsFault(file, read)
    onServed(isEntry ? entry : decodeURIComponent(path).slice(1), content)
    return { type: MODULE_TYPES[extname(file)]!, content }
  }
  const serveFile = (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url!.split('?', 1)[0]!
    const found = fileAt(path)
    if (found === undefined) {
      const importer = importerOf(request)
      if (importer !== undefined) onMissing(missingModule({ dir, entry }, importer, path))
      return void response
        .writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' })
        .end('Not found\n')
    }
    response.writeHead(200, {
      'Content-Type': `${found.type}; charset=utf-8`,
      'Cache-Control': cacheControl,
    })
    response.end(found.content)
  }
  if (!answer) return createServer(serveFile)
  const own: SiteAnswer = async (asked) => {
    const reply = await answer(asked)
    if (reply && asked.path === scriptPath(entry)) throw hidesScript(asked.path)
    return reply
  }
  return createServer((request, response) =>
    answerRequest(request, response, own, {
      onThrown,
      otherwise: () => serveFile(request, response),
    }),
  )
}

function hidesScript(path: string): GraderError {
  return new GraderError(
    `The set-up's site answered ${path}, so the learner's script was not served.`,
    "In checks.ts, let it give undefined for what isn't its own.",
  )
}

/** The author's page. Throws FileError when it cannot be read. */
function pageText(html: string): string {
  try {
    return readOrdinaryText(html)
  } catch (error) {
    throw explainFileError(error, `read ${html}`)
  }
}

export async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

interface ServedFile {
  readonly type: string
  readonly content: string
}

/**
 * The path of the script that imports what is asked for; undefined when something else asks. The
 * Referer of a module is the script that imports it (HTML, fetch a module script).
 */
function importerOf({ headers }: IncomingMessage): string | undefined {
  const { referer = '' } = headers
  const path = URL.canParse(referer) ? new URL(referer).pathname : '/'
  return headers['sec-fetch-dest'] === 'script' && MODULE_TYPES[extname(path)] ? path : undefined
}

function script(file: string, read: (file: string) => string): string {
  const source = read(file)
  return /\.m?ts$/.test(file) ? withoutTypes(source, file) : source
}

/** The script, or one that tells in the page's console why it does not parse. */
function scriptOrItsFault(file: string, read: (file: string) => string): string {
  try {
    return script(file, read)
  } catch (error) {
    return `throw new SyntaxError(${JSON.stringify((error as Error).message)})\n`
  }
}

function withoutTypes(source: string, file: string): string {
  try {
    return stripTypes(source)
  } catch (error) {
    throw explainSyntax(error as Error, file)
  }
}

function filled(page: string, environment: Readonly<Record<string, string>>): string {
  return page.replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => {
    const value = environment[name]
    if (value === undefined)
      throw new GraderError(
        `index.html names ${placeholder}, which the scenario's environment has not.`,
        'Add it to the set-up in checks.ts.',
      )
    return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  })
}
