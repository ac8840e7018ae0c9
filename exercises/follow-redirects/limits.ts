import type { Reply } from './servers.ts'
import type { Case, Drawing } from './steps.ts'

/** After so many requests a chain without an end is ended, so that no program follows for ever. */
export const ENOUGH = 60

/** Chains that have to be given up, and what answers along them. */
export function drawLimits({ path, servers }: Drawing) {
  const [endless, circle, other, ftp, file] = [path(), path(), path(), path(), path()]
  const begin = (name: string, target: string): Case => ({
    name,
    method: 'GET',
    headers: {},
    steps: [{ at: 'A', target, method: 'GET', status: 302, content: '' }],
  })
  const hop = (location: string): Reply => ({
    status: 302,
    headers: { location },
    body: 'Moved.\n',
  })
  let turns = 0
  const answer = (target: string): Reply | undefined => {
    if (target.startsWith(`${endless}?hop=`)) {
      const next = Number(target.split('=')[1]) + 1
      return next < ENOUGH ? hop(`?hop=${next}`) : enough
    }
    if (target === circle || target === other) {
      turns += 1
      return turns < ENOUGH ? hop(target === circle ? other : circle) : enough
    }
    return target === ftp ? hop(`${servers.B.replace('http:', 'ftp:')}${file}`) : undefined
  }
  const cases = [
    begin('without an end', `${endless}?hop=0`),
    begin('in a circle', circle),
    begin('to ftp:', ftp),
  ]
  return { cases, answer }
}

const enough: Reply = { body: 'Enough.\n' }
