import { join } from 'node:path'
import { thisSystem, type System } from './why-blocked.ts'

const GROUPS = '/sys/fs/cgroup'

/**
 * A sentence for machines on which nothing limits the memory that the processes of a box have
 * together, or null: each process has a limit, their sum only a control group has (cgroups(7),
 * version 2).
 */
export function memoryRemark({ read }: System = thisSystem): string | null {
  const [, path = '/'] = /^0::(\/.*)$/m.exec(read('/proc/self/cgroup')) ?? []
  const parts = path.split('/').filter(Boolean)
  const isLimited = parts.some((_, index) => {
    const most = read(join(GROUPS, ...parts.slice(0, index + 1), 'memory.max'))
    return /^\d+$/.test(most)
  })
  return isLimited
    ? null
    : 'Nothing limits the memory of all programs together: MemoryMax of a systemd unit does.'
}
