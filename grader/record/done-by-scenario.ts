import type { Evidence } from '../types/index.ts'
import type { Fixture } from './fixtures.ts'
import { setUpFolders } from './set-up-folders.ts'
import { certificateFolder } from './wire/tls/certificate-folder.ts'

type Surroundings = Pick<Fixture, 'origins' | 'setUp'>

/**
 * What a person who starts the program again gives it, too: all but what ends with the scenario,
 * the addresses of servers, the files of certificates and folders. The addresses are kept apart, for a
 * request that says it comes from there.
 */
export function environmentByHand({
  setUp: { environment = {} },
  origins,
}: Surroundings): Pick<Evidence, 'environment' | 'originsGiven'> {
  const { lasting, passing } = sorted(environment, origins)
  return {
    ...(Object.keys(lasting).length > 0 && { environment: lasting }),
    ...(Object.keys(passing).length > 0 && { originsGiven: passing }),
  }
}

/** The program's ends and new starts in the scenario's course. */
export function whatWasDone({
  program: { lives },
  origins,
}: Pick<Fixture, 'program' | 'origins'>): Pick<Evidence, 'crashes' | 'interventions'> {
  const crashes = lives?.crashes() ?? []
  const interventions = (lives?.interventions() ?? []).map((each) =>
    each.environment === undefined
      ? each
      : { ...each, environment: sorted(each.environment, origins).lasting },
  )
  return {
    ...(crashes.length > 0 && { crashes }),
    ...(interventions.length > 0 && { interventions }),
  }
}

function sorted(environment: Readonly<Record<string, string>>, origins: Surroundings['origins']) {
  const without = Object.entries(environment).filter(
    ([, value]) => !value.includes(certificateFolder) && !value.includes(setUpFolders),
  )
  const namesOrigin = ([, value]: [string, string]) =>
    origins.some(({ url }) => value.includes(url))
  return {
    lasting: Object.fromEntries(without.filter((each) => !namesOrigin(each))),
    passing: Object.fromEntries(without.filter(namesOrigin)),
  }
}
