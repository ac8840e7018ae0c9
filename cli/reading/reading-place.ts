import { npmRun, startOnPort } from '../../course/command-line.ts'
import { placeId, resolvePaths, type Paths } from '../../course/paths.ts'
import { wrap } from '../../grader/report/index.ts'
import { roundtripAt, type RoundtripThere } from '../../server/http/roundtrip-at.ts'
import { notedReadingPort } from './reading-port.ts'

/** Where the course is read: `http://localhost:4321`, unless it is served elsewhere now. */
export function readingAddress(paths: Paths = resolvePaths()): string {
  return `http://localhost:${chosenPort(paths)}`
}

/**
 * What to know about the addresses a command has told: null when they lead to this course's pages,
 * or will after `npm start`. Else how to serve them, in lines of 80 columns. Takes a third of a
 * second at most.
 */
export async function readingNote(paths: Paths = resolvePaths()): Promise<string | null> {
  const there = await roundtripAt(chosenPort(paths), 300)
  if (there?.place === placeId(paths)) return null
  if (there) return noteOfAnother(there, paths)
  return paths.root === paths.project ? null : `To read there: ${npmRun('start', [], paths)}`
}

/** The same, and null also where nobody serves anything. */
export async function noteOfAnotherThere(paths: Paths): Promise<string | null> {
  const there = await roundtripAt(chosenPort(paths), 300)
  return there && there.place !== placeId(paths) ? noteOfAnother(there, paths) : null
}

function noteOfAnother({ course }: RoundtripThere, paths: Paths): string {
  return [
    ...wrap(
      `A different Roundtrip (${course}) is running at ${readingAddress(paths)}, so your work isn't listed there. To read this one:`,
      COLUMNS,
    ),
    // There to be copied, and never broken.
    `  ${startOnPort(chosenPort(paths) + 1, paths)}`,
  ].join('\n')
}

const COLUMNS = 80

function chosenPort(paths: Paths): number {
  const port = Number(process.env['PORT'])
  // `npm start` refuses what is no port; here PORT may be meant for another program.
  return Number.isInteger(port) && port > 0 && port <= 65_535
    ? port
    : (notedReadingPort(paths) ?? 4321)
}
