import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { existsSync } from 'node:fs'
import { startBox, type BoxUser } from '../box-process.ts'
import { BWRAP } from '../lines.ts'
import { boxEnvironment, inOuterBox, type BoxPlaces } from '../outer-box.ts'
import type { Asked } from './probe.ts'

/** For tests that root runs: anybody who owns nothing. No entry in /etc/passwd is needed to run as. */
export const testUser: BoxUser | null =
  process.getuid?.() === 0 ? { name: 'nobody', uid: 65_534, gid: 65_534 } : null

/** Why no box can start on this machine, or null: then its tests are skipped, and it is said so. */
export const withoutBox: string | null = findObstacle()
if (withoutBox) process.stderr.write(`The tests of the box are skipped: ${withoutBox}\n`)

function findObstacle(): string | null {
  if (process.platform !== 'linux') return 'boxes need Linux.'
  if (!existsSync(BWRAP)) return 'bubblewrap is not installed.'
  const box = [BWRAP, '--unshare-user', '--unshare-pid', '--ro-bind', '/', '/', '--proc', '/proc']
  const args = [...box.slice(1), ...box, '/bin/true']
  const { status, stderr } = spawnSync(BWRAP, args, {
    encoding: 'utf8',
    cwd: '/',
    ...(testUser && { uid: testUser.uid, gid: testUser.gid }),
  })
  return status === 0 ? null : `bubblewrap does not start here: ${stderr.trim()}`
}

export const NO_PLACES: BoxPlaces = { browser: [], browserEnvironment: {}, compileCache: null }

const WITHIN_MS = 60_000

/** What the probes got in a box, with this in the environment of the grader's process. */
export async function inBox(
  asked: Asked,
  exercise: { readonly dir: string },
  secret: Readonly<Record<string, string>> = {},
): Promise<Record<string, any>> {
  const lines: string[] = []
  const script = join(import.meta.dirname, 'probe-in-box.ts')
  const running = startBox({
    line: inOuterBox([process.execPath, script, JSON.stringify(asked)], exercise, NO_PLACES),
    env: { ...boxEnvironment(NO_PLACES), ...secret },
    user: testUser,
    input: '',
    onLine: (line) => void lines.push(line),
    onFlood: () => running.kill(),
  })
  const timer = setTimeout(running.kill, WITHIN_MS)
  const { complaint } = await running.over
  clearTimeout(timer)
  if (lines.length === 0) throw new Error(`The probes did not report. ${complaint}`)
  return JSON.parse(lines[0]!)
}

/** What the same probes got as an ordinary process of this machine. */
export async function outside(
  asked: Asked,
  env: Readonly<Record<string, string>> = {},
): Promise<Record<string, any>> {
  const script = join(import.meta.dirname, 'probe.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(asked)], {
    env: { PATH: process.env['PATH'], ...env },
    timeout: WITHIN_MS,
  })
  return JSON.parse(stdout)
}
