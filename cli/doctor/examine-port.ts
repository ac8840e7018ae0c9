import { startOnPort } from '../../course/command-line.ts'
import { placeId, type Paths } from '../../course/paths.ts'
import { requireLoopback } from '../../grader/machine/loopback.ts'
import { portHolder } from '../../grader/record/program/ports/listening-ports.ts'
import { listenOnLoopback, PortTaken } from '../../server/http/listen.ts'
import { roundtripAt } from '../../server/http/roundtrip-at.ts'
import type { Examination } from './examine-machine.ts'

/**
 * The port the course is read at is free, or this very course is read there. Else: who holds it.
 */
export async function examinePort(port: number, paths: Paths): Promise<Examination> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    const remedy = ['Choose a number up to 65535:', `  ${startOnPort(4321)}`]
    return {
      good: false,
      says: `PORT is ${process.env['PORT']}, which isn't a port number.`,
      remedy,
    }
  }
  await requireLoopback()
  try {
    await (await listenOnLoopback(() => {}, port)).close()
    return { good: true, says: `${port} is free` }
  } catch (error) {
    if (error instanceof PortTaken) return explainTaken(port, paths)
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    const remedy = ['Choose a port above 1023:', `  ${startOnPort(4321)}`]
    return { good: false, says: `You may not listen on ${port}.`, remedy }
  }
}

async function explainTaken(port: number, paths: Paths): Promise<Examination> {
  const there = await roundtripAt(port)
  if (there?.place === placeId(paths))
    return {
      good: true,
      says: `${port} is where this course is read now: http://localhost:${port}`,
    }
  const holder = await portHolder(port)
  const free = await nextFree(port)
  return {
    good: false,
    says: there
      ? `${port} is held by another Roundtrip (${there.course}).`
      : `${port} is held by ${holder ? `process ${holder.pid}: ${holder.command}` : 'a program of another user.'}`,
    remedy: [
      ...(free === null ? [] : ['Start the course on another port:', `  ${startOnPort(free)}`]),
      ...(holder
        ? ['Or end that program:', `  ${`kill ${holder.pid}`}`]
        : ['Or see whose it is:', `  ${lookCommand(port)}`]),
    ],
  }
}

async function nextFree(port: number): Promise<number | null> {
  for (let candidate = port + 1; candidate <= Math.min(port + 50, 65_535); candidate++) {
    try {
      await (await listenOnLoopback(() => {}, candidate)).close()
      return candidate
    } catch (error) {
      if (!(error instanceof PortTaken)) return null
    }
  }
  return null
}

function lookCommand(port: number): string {
  return process.platform === 'linux'
    ? `sudo ss -ltnp 'sport = :${port}'`
    : `sudo lsof -nP -iTCP:${port} -sTCP:LISTEN`
}
