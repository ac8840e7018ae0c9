import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { resolvePaths, shownPath } from './paths.ts'

test('everything lies in the project unless told otherwise', () => {
  const { root, ...paths } = resolvePaths({ ROUNDTRIP_WORK: '' })
  expect(existsSync(join(root, 'package.json'))).toBe(true)
  expect(paths).toEqual({
    project: root,
    work: join(root, 'work'),
    state: join(root, '.roundtrip'),
    store: join(root, '.roundtrip/roundtrip.sqlite'),
    runs: join(root, '.roundtrip/runs'),
    base: join(root, '.roundtrip/base'),
    browser: join(root, '.roundtrip/browser'),
    class: join(root, '.roundtrip/class'),
    postgres: join(root, '.roundtrip/postgres'),
  })
})

test('the environment moves the work and the state', () => {
  const paths = resolvePaths({ ROUNDTRIP_WORK: 'here/work', ROUNDTRIP_HOME: '/elsewhere/state' })
  expect(paths.work).toBe(resolve('here/work'))
  expect(paths.store).toBe('/elsewhere/state/roundtrip.sqlite')
})

test.each([
  ['/course/work/a/server.ts', 'work/a/server.ts'],
  ['/course', '.'],
  ['/course-two/a', '/course-two/a'],
  ['/elsewhere/a', '/elsewhere/a'],
  ['/course/..work/a', '..work/a'],
])('%s is shown as %s', (path, shown) => expect(shownPath(path, '/course')).toBe(shown))

test('another course has its work and state in its own folder, and the browser in common', () => {
  const { project } = resolvePaths({})
  const paths = resolvePaths({ ROUNDTRIP_COURSE: 'elsewhere/course' })
  const root = resolve('elsewhere/course')
  expect(paths).toMatchObject({
    project,
    root,
    work: join(root, 'work'),
    state: join(root, '.roundtrip'),
    browser: join(project, '.roundtrip/browser'),
  })
})
