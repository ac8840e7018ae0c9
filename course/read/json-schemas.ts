import { z } from 'zod'
import { courseSchema, exerciseSchema, lessonSchema, sectionSchema } from './schemas.ts'

/**
 * The front matter schemas as JSON Schema, for editors: the text of each file in `docs/schemas/`.
 */
export function jsonSchemas(): Readonly<Record<string, string>> {
  const schemas = {
    course: courseSchema,
    section: sectionSchema,
    lesson: lessonSchema,
    exercise: exerciseSchema,
  }
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' })
      return [
        `${name}.schema.json`,
        `${JSON.stringify({ $schema, title: `Front matter of ${titles[name as keyof typeof titles]}`, ...rest }, null, 2)}\n`,
      ]
    }),
  )
}

const titles = {
  course: 'lessons/course.md',
  section: 'section.md',
  lesson: 'a lesson',
  exercise: 'exercise.md',
}
