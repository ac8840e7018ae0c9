import { z } from 'zod'
import { nearest } from '../find.ts'
import type { FrontMatter } from './front-matter.ts'
import type { Problem } from '../problem.ts'

export const idPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

// Each description completes "must be …" for the author who wrote something else.
const id = z
  .string()
  .max(64)
  .regex(idPattern)
  .describe('an id in kebab-case, at most 64 characters: cookies-and-state')
const text = z.string().trim().min(1).describe('a text')
const texts = z.array(z.string().trim().min(1)).min(1).describe('a list of at least one text')
const hintText = z.string().trim().min(1)
const minutes = z.int().min(1).max(600).describe('a whole number of minutes, from 1 to 600')

const yesOrNo = z.boolean().default(false).describe('true or false')

export const courseSchema = z.strictObject({
  id,
  title: text,
  summary: text,
  houseStyle: yesOrNo,
})

export const sectionSchema = z.strictObject({ id, title: text, summary: text })

export const lessonSchema = z.strictObject({
  id,
  title: text,
  minutes,
  needs: z.array(id).default([]).describe('a list of lesson ids'),
  objectives: texts,
  primer: yesOrNo,
  terms: z
    .record(z.string(), text)
    .default({})
    .describe('a list of the terms that are bold in the lesson, each with what it means'),
})

export const exerciseSchema = z.strictObject({
  title: text,
  lesson: id.describe('the id of a lesson'),
  kind: z.enum(['server', 'client', 'page']).describe('server, client or page'),
  level: z.literal([1, 2, 3]).describe('1, 2 or 3'),
  minutes,
  gradingSeconds: z
    .number()
    .positive()
    .max(600)
    .describe('a number of seconds, above 0 and at most 600'),
  hints: z
    .array(z.union([hintText, z.strictObject({ check: id, text: hintText })]))
    .min(1)
    .describe('a list of at least one text, or { check: its-id, text: … } for one about a check'),
  cmd: text
    .optional()
    .describe('the command that starts the program in its folder: python3 app.py'),
})

/** The front matter as its schema has it, or undefined and every mistake in it. */
export function validate<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  matter: FrontMatter,
  file: string,
): { readonly data?: z.infer<z.ZodObject<Shape>>; readonly problems: readonly Problem[] } {
  if (matter.mistakes.length > 0)
    return { problems: matter.mistakes.map((mistake) => ({ file, ...mistake })) }
  const result = schema.safeParse(matter.data)
  if (result.success) return { data: result.data, problems: [] }
  return { problems: result.error.issues.flatMap((issue) => explain(issue, schema, matter, file)) }
}

function explain(
  issue: z.core.$ZodIssue,
  schema: z.ZodObject,
  matter: FrontMatter,
  file: string,
): Problem[] {
  const keys = Object.keys(schema.shape)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = nearest(key, keys)
      const remedy =
        meant === undefined
          ? `Remove it. The keys are: ${keys.join(', ')}.`
          : `Did you mean "${meant}"?`
      return { file, line: matter.lineOf([key]), message: `"${key}" is not a key here.`, remedy }
    })
  }
  const [key, entry] = issue.path
  if (key === undefined) {
    const remedy = `Write one "key: value" per line. The keys are: ${keys.join(', ')}.`
    return [
      { file, line: 1, message: 'The front matter is not a list of keys and values.', remedy },
    ]
  }
  const wanted = (schema.shape[String(key)] as z.ZodType | undefined)?.description
  const value = issue.path.reduce<unknown>(
    (at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step],
    matter.data,
  )
  if (value === undefined) {
    const remedy = `Add "${String(key)}: …" to the front matter, with ${wanted}.`
    return [{ file, line: 1, message: `"${String(key)}" is missing.`, remedy }]
  }
  const name =
    typeof entry === 'number' ? `Entry ${entry + 1} of "${String(key)}"` : `"${String(key)}"`
  const remedy = `"${String(key)}" must be ${wanted}.`
  return [{ file, line: matter.lineOf(issue.path), message: `${name} is ${shown(value)}.`, remedy }]
}

function shown(value: unknown): string {
  if (value === null || value === '') return 'empty'
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : 'a list'
  return typeof value === 'object'
    ? 'a group of keys; quote it if it is a text'
    : JSON.stringify(value)
}
