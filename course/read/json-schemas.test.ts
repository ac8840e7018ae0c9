import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { jsonSchemas } from './json-schemas.ts'
import { resolvePaths } from '../paths.ts'

const folder = join(resolvePaths({}).project, 'docs/schemas')

test('the schemas for editors are the ones the loader uses (npm run lint:course -- --write-docs)', () => {
  const kept = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )
  expect(kept).toEqual(jsonSchemas())
})

test('say what an author may leave out', () => {
  const lesson = JSON.parse(jsonSchemas()['lesson.schema.json']!) as {
    required: string[]
    additionalProperties: boolean
  }
  expect(lesson.required).toEqual(['id', 'title', 'minutes', 'objectives'])
  expect(lesson.additionalProperties).toBe(false)
})
