import { readFileSync } from 'node:fs'
import { GraderError } from '../../grader/types/errors.ts'
import type { BoxUser } from './box-process.ts'

/** Who runs the boxes of a worker that root runs, unless ROUNDTRIP_BOX_USER names another. */
const USUAL = 'roundtrip'

/**
 * Who runs boxes: null for the one who runs this, and for root a user of the system made for it. A
 * box that root ran would be root's where it has a hole.
 * @throws GraderError where there is no such user
 */
export function boxUser(
  isRoot = process.getuid?.() === 0,
  name = process.env['ROUNDTRIP_BOX_USER'] || USUAL,
  passwd = readFileSync('/etc/passwd', 'utf8'),
): BoxUser | null {
  if (!isRoot) return null
  const [, , uid, gid] =
    passwd
      .split('\n')
      .map((line) => line.split(':'))
      .find(([each]) => each === name) ?? []
  if (uid === undefined || gid === undefined)
    throw new GraderError(
      `You are root, and there is no user ${name} who could run learners' programs instead.`,
      `Make one:\n  useradd --system --no-create-home --shell /usr/sbin/nologin ${name}`,
    )
  if (Number(uid) === 0)
    throw new GraderError(
      `ROUNDTRIP_BOX_USER is ${name}, which is root by another name.`,
      'Name a user who may do nothing else.',
    )
  return { name, uid: Number(uid), gid: Number(gid) }
}
