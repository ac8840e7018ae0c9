import { npmRun, startOnPort } from '../../course/command-line.ts'
import { placeId, resolvePaths, type Paths } from '../../course/paths.ts'
import { wrap } from '../../grader/report/index.ts'
import { notedReadingPort } from './reading-port.ts'

/** Where the course is read: `http://localhost:4321`, unless it is served elsewhere now. */
export function readingAddress(paths: Paths = resolvePaths()): string {
  return `http://localhost:${chosenPort(paths)}`
}

/**
 * What to know about the addresses a command has told: null when they lead to this course's pages,
 * or will after `npm start`. Else how to serve them, in lines of 80 columns. Takes a third of a second
 * at most.
 */
export async function readingNote(paths: Paths = resolvePaths()): Promise<string | null> {
  const port = chosenPort(paths)
  const there = await serverAt(port)
  if (there?.place === placeId(paths)) return null
  if (there)
    return [
      ...wrap(
        `At ${readingAddress(paths)} something else is read (${there.course}), and none of this. To read it:`,
        COLUMNS,
      ),
      // There to be copied, and never broken.
      `  ${startOnPort(port + 1, paths)}`,
    ].join('\n')
  return paths.root === paths.project ? null : `To read there: ${npmRun('start', [], paths)}`
}

const COLUMNS = 80

interface Server {
  readonly course: string
  readonly place: unknown
}

function chosenPort(paths: Paths): number {
  const port = Number(process.env['PORT'])
  // `npm start` refuses what is no port; here PORT may be meant for another program.
  return Number.isInteger(port) && port > 0 && port <= 65_535
    ? port
    : (notedReadingPort(paths) ?? 4321)
}

/** The Roundtrip that listens there, if one does. */
function serverAt(port: number): Promise<Server | undefined> {
  // Imported, the module brings with it all that fetch() needs, which takes longer than the
  // question.
  const { request } = process.getBuiltinModule('node:http')
  return new Promise((resolve) => {
    const asking = request(
      { host: 'localhost', port, path: '/api/server', timeout: 300 },
      (response) => {
        let text = ''
        response
          .setEncoding('utf8')
          .on('data', (chunk: string) => (text += text.length < 10_000 ? chunk : ''))
        response.on('end', () => resolve(understood(text)))
      },
    )
    asking
      .on('timeout', () => asking.destroy())
      .on('error', () => resolve(undefined))
      .end()
  })
}

function understood(text: string): Server | undefined {
  try {
    const { server, course, place } = JSON.parse(text) as Record<string, unknown>
    return server === 'roundtrip' ? { course: String(course), place } : undefined
  } catch {
    return undefined
  }
}
