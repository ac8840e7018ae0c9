import type { Clock } from '../clock.ts'
import { startProgram, type Program, type RunningProgram } from './learner-program.ts'

/** The running copies of one program during a grading. */
export interface ProgramInstances {
  /** The first instance; every call gives the same. */
  first(): Promise<RunningProgram>
  /** An instance no scenario has used. */
  fresh(): Promise<RunningProgram>
  /** A scenario is done with it. Gives true when something of it had to be killed. */
  done(program: RunningProgram): Promise<boolean>
  endAll(): Promise<void>
}

/**
 * Every scenario gets a process of its own, so that no state leaks from one into another. A server that somebody else started is
 * shared, one scenario at a time.
 */
export function createProgramInstances(program: Program, clock: Clock, signal: AbortSignal): ProgramInstances {
  const starting = new Set<Promise<RunningProgram>>()
  let first: Promise<RunningProgram> | null = null
  let firstIsFree = true
  let turn: Promise<void> = Promise.resolve()
  const releases = new Map<RunningProgram, () => void>()

  const start = () => {
    const promise = startProgram(program, clock, signal)
    starting.add(promise)
    promise.catch(() => starting.delete(promise))
    return promise
  }
  const getFirst = () => (first ??= start())
  return {
    first: getFirst,
    async fresh() {
      if (program.kind === 'url') {
        const before = turn
        let release = () => {}
        turn = new Promise((resolve) => (release = resolve))
        await before
        const running = await getFirst()
        releases.set(running, release)
        return running
      }
      if (!firstIsFree) return start()
      firstIsFree = false
      return getFirst()
    },
    async done(running) {
      releases.get(running)?.()
      if (program.kind === 'url') return false
      return running.end()
    },
    async endAll() {
      await Promise.all([...starting].map(async (promise) => (await promise.catch(() => null))?.end()))
    },
  }
}
