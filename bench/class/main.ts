/**
 * Prints what a class's queue does, with gradings that take no time. What is compared was measured
 * in one run on this machine; asserts nothing. `npm run bench:class`
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Pool } from 'pg'
import { installPostgres } from '../../class/postgres/install-postgres.ts'
import { useOwnServer } from '../../class/postgres/use-own-server.ts'
import { resolvePaths } from '../../course/paths.ts'
import { openPool } from '../../store/postgres/open-pool.ts'
import { measureLatency, measureLine, measureRates } from './queue.ts'
import { measureTeacherQueries } from './teacher-queries.ts'

const folder = mkdtempSync(join(tmpdir(), 'roundtrip-bench-'))
const { postgres } = resolvePaths({})
const server = await useOwnServer({
  folder,
  ours: [folder, join(postgres, '..')],
  programs: () => installPostgres(postgres, { onProgress: ({ text }) => console.log(text) }),
  onProgress() {},
})
console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}\n`)
try {
  const rates = await inDatabase('rates', measureRates)
  tell(
    'jobs a second with 32 slots: fetched together ÷ the loop that pg-boss comes with',
    `${(rates.own / rates.stock).toFixed(1)} ×   (${rates.own.toFixed(0)} ÷ ${rates.stock.toFixed(0)} a second)`,
  )
  tell(
    'the same with a judgement, its checks and its events kept for each',
    `${rates.whole.toFixed(0)} a second`,
  )
  for (const slots of [1, 8, 32]) {
    const { median, worst } = await inDatabase(`latency_${slots}`, (pool) =>
      measureLatency(pool, slots),
    )
    tell(
      `from submitting to the verdict, ${slots} at once with ${slots} slots`,
      `${median.toFixed(0)} ms, at most ${worst.toFixed(0)} ms`,
    )
  }
  const line = await inDatabase('line', measureLine)
  tell('the places of 5,000 who wait, read once for all', `${line.toFixed(1)} ms`)
  console.log('what a teacher asks of 10,000 learners with 100,000 submissions')
  for (const [what, ms] of await inDatabase('teacher', measureTeacherQueries))
    console.log(`    ${what.padEnd(42)}${ms.toFixed(0).padStart(6)} ms`)
} finally {
  await server.release()
  rmSync(folder, { recursive: true, force: true })
}

function tell(what: string, value: string): void {
  console.log(`${what}\n    ${value}`)
}

async function inDatabase<Result>(
  name: string,
  measure: (pool: Pool) => Promise<Result>,
): Promise<Result> {
  const administration = openPool(server.url, { max: 1 })
  await administration.query(`CREATE DATABASE ${name}`)
  await administration.end()
  const pool = openPool(Object.assign(new URL(server.url), { pathname: `/${name}` }).href, {
    max: 40,
  })
  try {
    return await measure(pool)
  } finally {
    await wait(50)
    await pool.end()
  }
}
