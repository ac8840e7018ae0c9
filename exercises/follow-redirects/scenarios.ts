import { scenario } from '#grader'
import { drawAddresses, drawAway, drawCodes, drawHome, drawLongWays, drawResults } from './cases.ts'
import { drawLimits } from './limits.ts'
import { callAll, openServers, rowsOf } from './servers.ts'

export const codes = scenario('Servers redirect with each of the five codes', {
  setUp: (kit) => openServers(kit, (drawing) => ({ cases: drawCodes(drawing) })),
  record: async (kit, { cases, open }) => callAll(kit, cases, open),
  facts: (recorded) => rowsOf(recorded),
})

export const addresses = scenario('Servers write Location in every way there is', {
  setUp: (kit) => openServers(kit, (drawing) => ({ cases: drawAddresses(drawing) })),
  record: async (kit, { cases, open }) => callAll(kit, cases, open),
  facts: (recorded) => rowsOf(recorded),
})

export const fields = scenario('follow() is called with fields of many kinds', {
  setUp: (kit) =>
    openServers(kit, (drawing) => {
      const home = drawHome(drawing)
      return { cases: [...home, ...drawAway(drawing)], homeCount: home.length }
    }),
  record: async (kit, { cases, homeCount, open }) => ({
    homeCount,
    ...(await callAll(kit, cases, open)),
  }),
  facts: ({ homeCount, ...recorded }) => {
    const rows = rowsOf(recorded)
    return { rows, home: rows.slice(0, homeCount), away: rows.slice(homeCount) }
  },
})

export const results = scenario('Servers answer what looks like a redirect, and is none', {
  setUp: (kit) =>
    openServers(kit, (drawing) => {
      const { withoutLocation, others } = drawResults(drawing)
      return { cases: [...withoutLocation, ...others], count: withoutLocation.length }
    }),
  record: async (kit, { cases, count, open }) => ({ count, ...(await callAll(kit, cases, open)) }),
  facts: ({ count, ...recorded }) => {
    const rows = rowsOf(recorded)
    return { withoutLocation: rows.slice(0, count), others: rows.slice(count) }
  },
})

export const limits = scenario('Redirects go on and on, or lead where nothing can be asked', {
  setUp: (kit) =>
    openServers(kit, (drawing) => {
      const finite = drawLongWays(drawing)
      const { cases, answer } = drawLimits(drawing)
      return { cases: [...finite, ...cases], count: finite.length, answer }
    }),
  record: async (kit, { cases, count, open }) => ({ count, ...(await callAll(kit, cases, open)) }),
  facts: ({ count, ...recorded }) => {
    const rows = rowsOf(recorded)
    const [endless, circle, ftp] = rows.slice(count)
    return { finite: rows.slice(0, count), endless: endless!, circle: circle!, ftp: ftp! }
  },
})
