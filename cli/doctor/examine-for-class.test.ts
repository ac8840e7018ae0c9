import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { postgresAtHand } from '../../class/postgres/postgres-at-hand.ts'
import { resolvePaths } from '../../course/paths.ts'
import { classRemark } from './examine-for-class.ts'

const postgres = (good: boolean) => ({
  good,
  says: good ? 'PostgreSQL is installed' : 'No PostgreSQL answers',
  remedy: good ? [] : ['Start it'],
})
const box = (good: boolean) => ({
  good,
  says: good ? 'both boxes start, and hold' : 'bubblewrap is not installed.',
  ...(!good && { remedy: ['  sudo apt install bubblewrap'] }),
})

test.each([
  [true, true, 'can serve and grade (PostgreSQL is installed; both boxes start, and hold).', 0],
  [true, false, 'can serve, and workers have to run elsewhere (', 1],
  [false, true, 'can grade, but not serve (No PostgreSQL answers; ', 1],
  [false, false, 'can neither serve nor grade (', 2],
])('PostgreSQL %s, box %s', (serves, grades, says, remedies) => {
  const { good, says: said, remedy } = classRemark(postgres(serves), box(grades))
  expect(said).toContain(`For a class only: this machine ${says}`)
  expect(remedy).toHaveLength(remedies)
  expect(good).toBe(true)
})

test('PostgreSQL: to be fetched, there, or in DATABASE_URL; and nothing is made', async () => {
  const home = mkdtempSync(join(tmpdir(), 'at-hand-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  const paths = resolvePaths({ ROUNDTRIP_HOME: home })
  expect(await postgresAtHand({}, paths)).toMatchObject({
    good: true,
    says: 'npm run class fetches PostgreSQL (24 MB)',
  })
  expect(readdirSync(home)).toEqual([])
  const away = await postgresAtHand({ DATABASE_URL: 'postgres://a:secret@127.0.0.1:1/b' }, paths)
  expect(away).toMatchObject({ good: false, remedy: [expect.stringMatching(/DATABASE_URL/)] })
  expect(JSON.stringify(away)).not.toContain('secret')
  const bin = join(paths.postgres, '18.4.0-beta.17', 'bin')
  mkdirSync(bin, { recursive: true })
  for (const name of ['initdb', 'postgres']) writeFileSync(join(bin, name), '')
  expect(await postgresAtHand({}, paths)).toMatchObject({ says: 'PostgreSQL is installed' })
})
