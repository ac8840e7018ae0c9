import type { Exercise } from '../course/types.ts'
import { createClock } from './record/timing/clock.ts'
import { createCertificates } from './record/wire/tls/certificates.ts'
import { createFolders } from './record/set-up-folders.ts'
import { freePort } from './record/program/ports/free-port.ts'
import { random } from './record/random.ts'
import { createIdSource } from './record/wire/id-source.ts'
import type { RunningOrigin } from './record/wire/partner/partner-server.ts'
import type { SetUp } from './types/kit.ts'
import { scenariosOf } from './judge/run-checks.ts'
import { loadChecks } from './load-checks.ts'

/** What a learner's program is given when it is started by hand. */
export interface SetUpByHand {
  readonly environment: Readonly<Record<string, string>>
  /** The sites by which the program is known, each with the variable that holds its port. */
  readonly sites: Readonly<Record<string, string>>
  /**
   * The servers that a grading would open around it. They end with this process, or with `close`.
   */
  readonly origins: readonly { readonly name: string; readonly url: string }[]
  /** Of a page: the author's own routes on its origin, and Cache-Control of its files. */
  readonly page: Pick<SetUp, 'site' | 'cacheControl'>
  close(): Promise<void>
}

/**
 * Sets up what the exercise's first scenario would have, with freshly drawn values, for a program
 * that a person is about to start.
 * @throws GraderError when the exercise's checks do not load.
 */
export async function setUpByHand(exercise: Exercise): Promise<SetUpByHand> {
  const [scenario] = scenariosOf(await loadChecks(exercise))
  const opened: { name: string; url: string }[] = []
  await using opening = new AsyncDisposableStack()
  const clock = createClock()
  const ids = createIdSource()
  const certificates = createCertificates()
  opening.defer(certificates.discard)
  const folders = createFolders()
  opening.defer(folders.discard)
  const keep = (name: string, { url, close }: RunningOrigin) => {
    opening.defer(close)
    opened.push({ name, url })
  }
  const {
    environment = {},
    sites = {},
    site,
    cacheControl,
  }: SetUp = (await scenario?.setUp?.({
    random,
    certificate: certificates.create,
    folder: folders.create,
    port: freePort,
    async origin(name, answer, options = {}) {
      const { startOrigin } = await import('./record/wire/partner/partner-server.ts')
      const origin = await startOrigin(name, answer, clock, ids, options)
      keep(name, origin)
      return origin
    },
    async listen(name, serve, options = {}) {
      const { startListener } = await import('./record/wire/partner/partner-server.ts')
      const origin = await startListener(name, serve, clock, ids, options)
      keep(name, origin)
      return origin
    },
  })) ?? {}
  const resources = opening.move()
  return {
    environment,
    sites,
    origins: opened,
    page: { ...(site && { site }), ...(cacheControl !== undefined && { cacheControl }) },
    close: () => resources.disposeAsync(),
  }
}
