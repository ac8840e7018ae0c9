import { hasEnded, membersOf } from '../../../machine/proc.ts'

/**
 * The processes of a group that have not ended, its leader first: a shell that waits for its
 * command leads the group in which that runs. The leader alone where the system does not tell.
 */
export function groupMembers(leader: number): number[] {
  if (process.platform !== 'linux') return [leader]
  const others = membersOf(leader).filter(({ pid, state }) => pid !== leader && !hasEnded(state))
  return [leader, ...others.map(({ pid }) => pid)]
}
