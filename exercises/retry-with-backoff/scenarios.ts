import { scenario, type Kit } from '#grader'
import { drawEndless, drawFinal, drawTemporary, drawUnsafe } from './cases.ts'
import { callInTurn, callTogether, openServer, rowsOf } from './server.ts'
import { growthOf, spreadOf } from './herd.ts'
import { drawHerd, drawHinted, pausesIn } from './timed.ts'
import { draw, get } from './steps.ts'
import { isTooSlowToTell } from './too-slow.ts'

export const failures = scenario('A server fails in every way, request by request', {
  setUp: (kit) =>
    openServer(kit, (drawing) => {
      const [temporary, unsafe] = [drawTemporary(drawing), drawUnsafe(drawing)]
      const [final, endless] = [drawFinal(drawing), drawEndless(drawing)]
      const counts = [temporary.length, unsafe.length, final.length]
      return { cases: [...temporary, ...unsafe, ...final, ...endless], counts }
    }),
  record: async (kit, { counts, ...open }) => ({ counts, ...(await callInTurn(kit, open)) }),
  facts: ({ counts, ...recorded }) => {
    const rows = rowsOf(recorded)
    const [a = 0, b = 0, c = 0] = counts
    return {
      temporary: rows.slice(0, a),
      unsafe: rows.slice(a, a + b),
      final: rows.slice(a + b, a + b + c),
      endless: rows.slice(a + b + c),
    }
  },
})

/** More than a client has in memory of content that it doesn't read. */
const LARGE = 'Sorry. '.repeat(64 * 1024)

export const contents = scenario('A server says 503 with a large content, then 200', {
  setUp: (kit) =>
    openServer(kit, (drawing) => {
      const drawn = draw(drawing, get(), [503, 200])
      const [, last] = drawn.steps
      const large = { kind: 'answer', status: 503, content: LARGE, closes: true } as const
      return { cases: [{ ...drawn, steps: [large, last!] as const }] }
    }),
  async record(kit, { server, ...open }) {
    const recorded = await callInTurn(kit, { server, ...open })
    // A client that reads learns of the end, and one that doesn't want it ends the connection itself.
    const isLetGo = (await kit.until(() => server.connections()[0]?.ended)) !== null
    return { ...recorded, isLetGo }
  },
  facts: ({ isLetGo, ...recorded }) => ({ row: rowsOf(recorded)[0]!, isLetGo }),
})

export const hints = scenario('A server says when to come back', {
  setUp: (kit) => openServer(kit, (drawing) => ({ cases: drawHinted(drawing) })),
  record: (kit: Kit, open) => callTogether(kit, open),
  facts: (recorded) => {
    const rows = rowsOf(recorded)
    return { rows, pauses: rows.flatMap(pausesIn) }
  },
})

export const herd = scenario('More than a hundred calls fail at about the same time', {
  setUp: (kit) => openServer(kit, drawHerd),
  async record(kit, { base, cap, ...open }) {
    const recorded = await callTogether(kit, open)
    if (isTooSlowToTell(rowsOf(recorded), { base, cap })) await kit.voidIfBusy()
    return { base, cap, ...recorded }
  },
  facts: ({ base, cap, ...recorded }) => {
    const rows = rowsOf(recorded)
    return { base, cap, ...growthOf(rows, base), spread: spreadOf(rows) }
  },
})
