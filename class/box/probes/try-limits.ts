import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export const limitProbes = {
  /** How many processes it gets to run at once, of so many. */
  forkBomb: async (most: number) => {
    const children: ChildProcess[] = []
    let refused: string | null = null
    while (children.length < most && refused === null) {
      const child = spawn('/bin/sleep', ['20'], { stdio: 'ignore' })
      refused = await Promise.race([
        once(child, 'spawn').then(() => null),
        once(child, 'error').then(([error]) => (error as NodeJS.ErrnoException).code ?? 'error'),
      ]).catch((error: NodeJS.ErrnoException) => error.code ?? 'error')
      if (refused === null) children.push(child)
    }
    for (const child of children) child.kill('SIGKILL')
    return { started: children.length, refused }
  },

  /** How many megabytes it gets of so many. They are not written, and so take no memory. */
  memoryBomb: (most: number) => {
    const kept: Buffer[] = []
    try {
      while (kept.length * 64 < most) kept.push(Buffer.allocUnsafeSlow(64 * 1024 ** 2))
      return { megabytes: kept.length * 64, refused: null }
    } catch (error) {
      return { megabytes: kept.length * 64, refused: (error as NodeJS.ErrnoException).code }
    }
  },

  /** Starts a process in a session of its own and does not wait for it. */
  outlive: async (seconds: string) => {
    const child = spawn('/bin/sleep', [seconds], { detached: true, stdio: 'ignore' })
    await once(child, 'spawn')
    child.unref()
    return child.pid
  },
}
