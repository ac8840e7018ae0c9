import type { Clock } from '../clock.ts'
import { startProgram, type Program, type RunningProgram } from './learner-program.ts'

/** The running copies of one program during a grading. */
export interface ProgramInstances {
  /** The first instance; every call gives the same. */
  first(): Promise<RunningProgram>
  /** Settles when the first process runs or could not be started. */
  spawned(): Promise<void>
  /** An instance no scenario has used. */
  fresh(): Promise<RunningProgram>
  /** A scenario is done with it. Gives true when something of it had to be killed. */
  done(program: RunningProgram): Promise<boolean>
  endAll(): Promise<void>
}

/**
 * Every scenario gets a process of its own, so that no state leaks from one into another. While one is in use the next one starts, as long as
 * `expected` says that more scenarios may come. A server that somebody else started is shared, one scenario at a time.
 */
export function createProgramInstances(program: Program, expected: number, clock: Clock, signal: AbortSignal, slowdown = 1): ProgramInstances {
  return program.kind === 'url' ? shareOne(program, clock, signal) : startMany(program, expected, clock, signal, slowdown)
}

function startMany(program: Program, expected: number, clock: Clock, signal: AbortSignal, slowdown: number): ProgramInstances {
  const all: Promise<RunningProgram>[] = []
  let spawned = () => {}
  const firstSpawn = new Promise<void>((resolve) => (spawned = resolve))
  const start = () => {
    const instance = startProgram(program, clock, signal, spawned, slowdown)
    // Nobody may ever ask for a spare one: its failure is told when somebody does.
    instance.catch(spawned)
    all.push(instance)
    return instance
  }
  const first = start()
  let spare: Promise<RunningProgram> | null = first
  return {
    first: () => first,
    spawned: () => firstSpawn,
    fresh() {
      const instance = spare ?? start()
      spare = all.length < expected ? start() : null
      return instance
    },
    done: (running) => running.end(),
    async endAll() {
      await Promise.all(all.map(async (instance) => (await instance.catch(() => null))?.end()))
    },
  }
}

function shareOne(program: Program, clock: Clock, signal: AbortSignal): ProgramInstances {
  const only = startProgram(program, clock, signal)
  only.catch(() => {})
  let turn: Promise<void> = Promise.resolve()
  let release = () => {}
  return {
    first: () => only,
    spawned: async () => {},
    async fresh() {
      const before = turn
      let next = () => {}
      turn = new Promise((resolve) => (next = resolve))
      await before
      release = next
      return only
    },
    async done() {
      release()
      return false
    },
    async endAll() {},
  }
}
