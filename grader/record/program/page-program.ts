import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { explainFileError } from '../../../course/read/file-error.ts'
import { readOrdinaryText } from '../../../course/read/read-file.ts'
import { GraderError } from '../../types/errors.ts'
import { explainSyntax } from './explain-exit.ts'
import type { Program, RunningProgram, StartOptions } from './learner-program.ts'

type PageProgram = Extract<Program, { kind: 'page' }>

/**
 * Serves a learner's script with the page it is for: `/` is index.html with its placeholders filled
 * from the environment, `/page.js` is page.ts without its types. The site answers as long as the
 * program is not ended.
 * @throws StartupError when the script does not parse.
 */
export async function startPageProgram(
  program: PageProgram,
  { clock, onSpawn = () => {}, environment = {} }: StartOptions,
): Promise<RunningProgram> {
  const startedAt = clock.now()
  const site = servePage(program, environment)
  await listening(site, 0)
  onSpawn()
  const { port } = site.address() as AddressInfo
  return {
    host: '127.0.0.1',
    port,
    scripts: { [scriptPath(program.entry)]: program.entry },
    readyMs: clock.now() - startedAt,
    log: () => '',
    printed: () => [],
    exit: () => null,
    isBusy: async () => false,
    async end() {
      site.closeAllConnections()
      await new Promise((resolve) => site.close(resolve))
      return false
    },
  }
}

/**
 * The site of a page, not listening yet. The script is the one of now; `live`: of the moment it is
 * asked for.
 * @throws StartupError when the script does not parse now.
 */
export function servePage(
  { dir, entry, html }: PageProgram,
  environment: Readonly<Record<string, string>>,
  { live = false } = {},
): Server {
  const page = filled(pageText(html), environment)
  const now = script(join(dir, entry))
  const current = () => (live ? scriptOrItsFault(join(dir, entry)) : now)
  return createServer(({ url = '/' }, response) => {
    const path = url.split('?', 1)[0]!
    const found =
      path === '/' || path === '/index.html'
        ? page
        : path === scriptPath(entry)
          ? current()
          : imported(dir, path)
    if (found === undefined)
      return void response
        .writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' })
        .end('Not found\n')
    response.writeHead(200, {
      'Content-Type': `text/${found === page ? 'html' : 'javascript'}; charset=utf-8`,
      'Cache-Control': 'no-store',
    })
    response.end(found)
  })
}

/** The author's page. Throws FileError when it cannot be read. */
function pageText(html: string): string {
  try {
    return readOrdinaryText(html)
  } catch (error) {
    throw explainFileError(error, `read ${html}`)
  }
}

/** Where the page asks for the script. */
function scriptPath(entry: string): string {
  return `/${entry.replace(/\.ts$/, '.js')}`
}

export async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

/** A file beside the script that it imports; undefined when there is none. */
function imported(dir: string, path: string): string | undefined {
  return /^\/[\w-]+\.[jt]s$/.test(path) && existsSync(join(dir, path))
    ? scriptOrItsFault(join(dir, path))
    : undefined
}

function script(file: string): string {
  const source = readOrdinaryText(file)
  return extname(file) === '.ts' ? withoutTypes(source, file) : source
}

/** The script, or one that tells in the page's console why it does not parse. */
function scriptOrItsFault(file: string): string {
  try {
    return script(file)
  } catch (error) {
    return `throw new SyntaxError(${JSON.stringify((error as Error).message)})\n`
  }
}

function withoutTypes(source: string, file: string): string {
  // Node says with every process that this is an experiment; Roundtrip pins its Node.
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return stripTypeScriptTypes(source)
  } catch (error) {
    throw explainSyntax(error as Error, file)
  } finally {
    process.emitWarning = emitWarning
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
