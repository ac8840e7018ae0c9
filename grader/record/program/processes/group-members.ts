import { hasEnded, membersOf, processes, statOf } from '../../../machine/proc.ts'

/**
 * The processes of a group that have not ended, its leader first: a shell that waits for its
 * command leads the group in which that runs. The leader alone where the system does not tell.
 */
export function groupMembers(leader: number): number[] {
  if (process.platform !== 'linux') return [leader]
  const others = membersOf(leader).filter(({ pid, state }) => pid !== leader && !hasEnded(state))
  return [leader, ...others.map(({ pid }) => pid)]
}

const LATELY_MS = 200
let seen = { at: -Infinity, groups: new Map<number, number[]>() }

/**
 * The same as it was a moment ago at most, without the leader once that has ended. Looking at every
 * process of the machine takes milliseconds, and programs that run beside each other are asked for
 * again and again.
 */
export function groupMembersLately(leader: number): readonly number[] {
  if (process.platform !== 'linux') return [leader]
  if (!seen.groups.has(leader) || performance.now() - seen.at > LATELY_MS)
    seen = { at: performance.now(), groups: livingByGroup() }
  return seen.groups.get(leader) ?? []
}

function livingByGroup(): Map<number, number[]> {
  const groups = new Map<number, number[]>()
  for (const pid of processes()) {
    const { group, state } = statOf(pid)
    if (hasEnded(state)) continue
    const members = groups.get(group)
    if (members) members.push(pid)
    else groups.set(group, [pid])
  }
  return groups
}
