import type { Paths } from '../../course/paths.ts'
import { Interrupted, MachineError, UsageError } from '../explain-error.ts'
import { askClass } from './ask-class.ts'
import { askCode } from './ask-code.ts'
import { isReadOnTheWay } from './class-origin.ts'
import { keepSession, keptSession, type KeptSession } from './kept-sessions.ts'

/** So often somebody at a terminal may mistype. */
const TRIES = 3

/**
 * The session with a class: the one that is kept, else one that is begun with the code. A code in
 * ROUNDTRIP_CODE is a script's, which gives it each time, so nothing is kept of it.
 * @throws UsageError (no code, a wrong one), MachineError (too many were tried), what `askClass`
 * throws
 */
export async function openSession(
  origin: string,
  paths: Pick<Paths, 'state'>,
  signal: AbortSignal,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<KeptSession> {
  const given = environment['ROUNDTRIP_CODE']
  const kept = given ? undefined : keptSession(origin, paths)
  return kept ?? beginSession(origin, paths, signal, given)
}

async function beginSession(
  origin: string,
  paths: Pick<Paths, 'state'>,
  signal: AbortSignal,
  given: string | undefined,
): Promise<KeptSession> {
  if (isReadOnTheWay(origin))
    process.stderr.write(
      'The connection to this class is not encrypted: others in the network can read along.\n',
    )
  const tries = given === undefined && process.stdin.isTTY ? TRIES : 1
  for (let left = tries; left > 0; left--) {
    const code = given || (await askCode(`Your code for ${origin}:`, signal, interruptedByKey))
    const { status, body } = await askClass({ origin, path: '/sessions', body: { code }, signal })
    if (status === 201) {
      const session = { token: String(body['token']), name: String(body['name']) }
      if (!given) keepSession(origin, session, paths)
      return session
    }
    if (status === 429)
      throw new MachineError(`Nothing was submitted. ${String(body['error'])}`, '')
    if (left > 1) process.stderr.write('Invalid code\n')
  }
  throw new UsageError(
    `Invalid code. Nothing was submitted. Check it on your card${given ? ', and in ROUNDTRIP_CODE' : ''}; your teacher can print a new one.`,
  )
}

function interruptedByKey(): Interrupted {
  return new Interrupted('SIGINT', 'Stopped. Nothing was submitted.')
}
