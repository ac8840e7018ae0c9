import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { resolvePaths } from '../../../course/paths.ts'
import type { Exercise } from '../../../course/types.ts'
import { createTypeService } from './type-service.ts'
import type { Problem } from './types.ts'

function service() {
  const folder = mkdtempSync(join(tmpdir(), 'typing-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const paths = resolvePaths({
    ROUNDTRIP_HOME: join(folder, 'state'),
    ROUNDTRIP_WORK: join(folder, 'work'),
  })
  const types = createTypeService(paths)!
  const exercise = { id: 'say-hello', kind: 'server', files: ['server.ts'] } as unknown as Exercise
  const ask = (text: string) => types.problems({ exercise, name: 'server.ts', text })
  return { folder, types, ask }
}

const WRONG = 'const count: number = "one"\n'

const outcomes = async (asked: readonly Promise<Problem[]>[]) =>
  (await Promise.allSettled(asked)).map(({ status }) => status)

test('questions that still waited when it was closed start nothing, and write nothing', async () => {
  const { folder, types, ask } = service()
  const asked = [ask(WRONG), ask(WRONG), ask(WRONG)]
  await types.close()
  rmSync(folder, { recursive: true })
  expect(await outcomes(asked)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(existsSync(folder)).toBe(false)
})

test('so does one that comes later', async () => {
  const { folder, types, ask } = service()
  expect(await ask(WRONG)).toMatchObject([{ severity: 'warning' }])
  const waiting = [ask(WRONG), ask(WRONG)]
  await types.close()
  rmSync(folder, { recursive: true })
  expect(await outcomes([...waiting, ask(WRONG)])).toEqual(['rejected', 'rejected', 'rejected'])
  expect(existsSync(folder)).toBe(false)
})
