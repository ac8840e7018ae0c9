/**
 * The processes of a group that have not ended, its leader first: a shell that waits for its
 * command leads the group in which that runs. The leader alone where the system does not tell.
 */
export async function groupMembers(leader: number): Promise<number[]> {
  if (process.platform !== 'linux') return [leader]
  const { membersOf } = await import('../ports/listening-ports-proc.ts')
  const others = membersOf(leader).filter(
    ({ pid, state }) => pid !== leader && state !== 'Z' && state !== 'X',
  )
  return [leader, ...others.map(({ pid }) => pid)]
}
