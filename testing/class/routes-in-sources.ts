import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resolvePaths } from '../../course/paths.ts'

/** An address with its places to fill in: `/runs/:id`. */
export interface Route {
  readonly method: string
  readonly path: string
}

/** For tests: the routes of a class's pages, those of learners and those of teachers. */
export function routesInSources(): Route[] {
  const { project } = resolvePaths({})
  return globSync('{class,server}/**/*-routes.ts', { cwd: project }).flatMap((file) =>
    routesIn(readFileSync(join(project, file), 'utf8')),
  )
}

function routesIn(source: string): Route[] {
  const found = source.matchAll(/router\.(get|post|put|delete)\(\s*['`]([^'`]+)['`]/g)
  return [...found].map(([, method = '', path = '']) => ({ method: method.toUpperCase(), path }))
}
