import { placeId, type Paths } from '../../course/paths.ts'
import { listenOnLoopback, PortTaken } from './listen.ts'
import { portHolder } from './port-holder.ts'
import { roundtripAt } from './roundtrip-at.ts'

/** The server cannot start; the message says why and the remedy, for the person in the terminal. */
export class CannotStart extends Error {
  readonly remedy: string

  constructor(message: string, remedy: string) {
    super(message)
    this.name = 'CannotStart'
    this.remedy = remedy
  }
}

/**
 * Why a server could not listen, in plain words with the command for another port, which `command`
 * writes. An error that isn't about listening comes back as it is.
 */
export async function explainListening(
  error: unknown,
  port: number,
  paths: Paths,
  command: (port: number) => string,
): Promise<unknown> {
  if (error instanceof PortTaken) return explainTaken(port, paths, command)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EACCES')
    return new CannotStart(
      `You may not listen on port ${port}.`,
      `Choose one above 1023: ${command(4321)}`,
    )
  return error
}

async function explainTaken(
  port: number,
  paths: Paths,
  command: (port: number) => string,
): Promise<CannotStart> {
  const there = await roundtripAt(port)
  if (there?.place === placeId(paths))
    return new CannotStart(
      `This course is served already (${there.course}).`,
      `Read it at http://localhost:${port}, or end that server first.`,
    )
  const holder = there
    ? `another Roundtrip (${there.course}),\nwhich keeps its work and progress elsewhere`
    : ((await portHolder(port)) ?? 'another program')
  const free = await nextFreePort(port)
  return new CannotStart(
    `Port ${port} is taken by ${holder}.`,
    free === undefined
      ? 'End that program, then start again.'
      : `Start on the next free port: ${command(free)}`,
  )
}

async function nextFreePort(port: number): Promise<number | undefined> {
  for (let candidate = port + 1; candidate <= Math.min(port + 50, 65_535); candidate++) {
    try {
      const listening = await listenOnLoopback(() => {}, candidate)
      await listening.close()
      return candidate
    } catch (error) {
      if (!(error instanceof PortTaken)) return undefined
    }
  }
  return undefined
}
