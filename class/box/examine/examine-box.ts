import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { resolvePaths } from '../../../course/paths.ts'
import { startBox, type BoxUser } from '../box-process.ts'
import { boxUser } from '../box-user.ts'
import { BWRAP } from '../lines.ts'
import { boxEnvironment, inOuterBox, type BoxPlaces } from '../outer-box.ts'
import { trialFolder } from '../trial/trial.ts'
import type { Look } from './look.ts'
import { memoryRemark } from './memory-remark.ts'
import { thisSystem, whyBlocked, type BoxFault, type System } from './why-blocked.ts'

export interface BoxExamination {
  readonly good: boolean
  /** A sentence or a few. */
  readonly says: string
  /** How to fix it. Lines that begin with two spaces are commands. */
  readonly remedy?: readonly string[]
  /** What does not keep a worker from its work, and should be known. */
  readonly remark?: string
}

/** Turning off further namespaces, and a size for folders in memory, came with it. */
const NEEDED = [0, 8]
const WITHIN_MS = 20_000
const NO_PLACES: BoxPlaces = { browser: [], browserEnvironment: {}, compileCache: null }

/**
 * Starts the two boxes that a class's worker runs learners' programs in, with a program that tries
 * what it can do there. Leaves nothing behind. What it finds is for a person who runs workers: a
 * single learner's programs run without a box.
 */
export async function examineBox(
  system: System = thisSystem,
  findUser: () => BoxUser | null = boxUser,
): Promise<BoxExamination> {
  const fault = await findBoxFault(system, findUser)
  if (fault) return { good: false, ...fault }
  const remark = memoryRemark(system)
  return { good: true, says: 'both boxes start, and hold', ...(remark !== null && { remark }) }
}

async function findBoxFault(
  system: System,
  findUser: () => BoxUser | null,
): Promise<BoxFault | null> {
  const unusable = findUnusable(system)
  if (unusable) return unusable
  let user: BoxUser | null
  try {
    user = findUser()
  } catch (error) {
    const { message, remedy } = error as Error & { remedy: string }
    return { says: message, remedy: remedy.split('\n') }
  }
  const closed = user && findClosed(user)
  if (closed) return closed
  const { look, complaint } = await lookAround(user)
  if (look === null) return whyBlocked(complaint, system)
  const holes = holesIn(look)
  if (holes.length === 0) return null
  return {
    says: `The box has a hole: in it, a program ${holes.join(', and ')}.`,
    remedy: ['No learner’s program should run in it. Try a newer bubblewrap or kernel.'],
  }
}

/** bubblewrap is missing or too old. */
export function findUnusable({ exists }: System, version = bwrapVersion): BoxFault | null {
  if (process.platform !== 'linux')
    return { says: 'Boxes need Linux.', remedy: ['Run workers on a Linux machine.'] }
  if (!exists(BWRAP))
    return {
      says: 'bubblewrap is not installed.',
      remedy: ['  sudo apt install bubblewrap     (its name on Debian, Ubuntu and Fedora)'],
    }
  const found = version()
  const [major = 0, minor = 0] = found.match(/\d+/g)?.map(Number) ?? []
  if (major > NEEDED[0]! || minor >= NEEDED[1]!) return null
  return {
    says: `${found.trim() || 'bubblewrap'} is too old: ${NEEDED.join('.')}.0 is needed.`,
    remedy: ['Debian has it since 12, Ubuntu since 24.04.'],
  }
}

function bwrapVersion(): string {
  return spawnSync(BWRAP, ['--version'], { encoding: 'utf8' }).stdout ?? ''
}

/** The user of the boxes may not read the project. */
function findClosed({ name, uid, gid }: BoxUser): BoxFault | null {
  const { project } = resolvePaths()
  const isOpen = (path: string) =>
    spawnSync('/usr/bin/test', ['-r', path], { uid, gid, cwd: '/' }).status === 0
  if (isOpen(join(project, 'package.json')) && isOpen(process.execPath)) return null
  return {
    says: `The user ${name} runs learners' programs, and may not read Roundtrip in ${project}.`,
    remedy: [
      'Put it where everybody may read it, /opt/roundtrip for example, or open it:',
      `  chmod -R a+rX ${project}`,
    ],
  }
}

/** What a program sees in the inner box. Null where it did not come to look. */
async function lookAround(user: BoxUser | null): Promise<{ look: Look | null; complaint: string }> {
  const exercise = { dir: trialFolder }
  const script = join(import.meta.dirname, 'look-in-box.ts')
  const { project, state, root } = resolvePaths()
  // What only the grader may read, and what not even that may.
  const forbidden = [trialFolder, join(project, 'grader/index.ts'), state, join(root, 'lessons')]
  const lines: string[] = []
  const running = startBox({
    line: inOuterBox([process.execPath, script, ...forbidden], exercise, NO_PLACES),
    env: boxEnvironment(NO_PLACES),
    user,
    input: '',
    onLine: (line) => void lines.push(line),
    onFlood: () => running.kill(),
  })
  const timer = setTimeout(running.kill, WITHIN_MS)
  const { complaint } = await running.over
  clearTimeout(timer)
  try {
    return { look: JSON.parse(lines[0] ?? '') as Look, complaint }
  } catch {
    return { look: null, complaint }
  }
}

/** What a look found that should not be, in words that follow "a program". */
export function holesIn({ read, written, processes, interfaces, isRoot, nests }: Look): string[] {
  const others = interfaces.filter((name) => name !== 'lo')
  return [
    ...read.map((path) => `reads ${path}`),
    ...written.map((path) => `writes in ${path}`),
    // bubblewrap's own and the one that looks.
    ...(processes > 2 ? [`sees ${processes - 2} processes of others`] : []),
    ...(others.length > 0 ? [`has the network interface ${others.join(' and ')}`] : []),
    ...(isRoot ? ['is root'] : []),
    ...(nests ? ['becomes root of a namespace of its own'] : []),
  ]
}
