import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Course, Exercise, Lesson } from '../course/types.ts'

/**
 * Writes a small course for a test: one section, the lesson `first-lesson` and the exercise
 * `say-hello`. `changes` replaces files by their path, adds new ones, or leaves one out (null).
 * Gives the root; the test removes it.
 */
export function writeFixtureCourse(changes: Readonly<Record<string, string | null>> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'roundtrip-course-')))
  for (const [path, text] of Object.entries({ ...fixtureFiles, ...changes })) {
    if (text === null) continue
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

export const fixtureFiles = {
  'lessons/course.md':
    '---\nid: small\ntitle: A small course\nsummary: For tests.\n---\nWelcome.\n',
  'lessons/01-start/section.md': '---\nid: start\ntitle: Start\nsummary: Where it begins.\n---\n',
  'lessons/01-start/01-first.md': `---
id: first-lesson
title: The first lesson
minutes: 10
needs: []
objectives:
  - Say hello
---
# The first lesson

Prose.

## How long it lives {#how-long}

\`\`\`quiz id=who-speaks-first
Who speaks first?
(x) The client
( ) The server
  It has the answers, but nobody asked.
= A server only answers.
\`\`\`
`,
  'exercises/say-hello/exercise.md': `---
title: Say hello
lesson: first-lesson
kind: server
level: 1
minutes: 5
gradingSeconds: 2
hints:
  - Read the method.
---
Answer GET / with hello.
`,
  'exercises/say-hello/stub/server.ts': '// TODO\n',
  'exercises/say-hello/solution/server.ts': '// solved\n',
  'exercises/say-hello/mutants/says-nothing/server.ts': '// Misconception: silence is golden.\n',
  'exercises/say-hello/checks.ts': 'export default {}\n',
} as const

/** The same course as data, for tests that read no file. `lessons` replaces its one lesson. */
export function smallCourse(
  lessons: readonly Lesson[] = [smallLesson('first-lesson', ['say-hello'])],
): Course {
  const section = { id: 'start', title: 'Start', summary: 'Where it begins.', lessons }
  const texts = {
    title: 'A small course',
    summary: 'For tests.',
    introduction: 'Welcome.\n',
    houseStyle: false,
  }
  return { id: 'small', ...texts, root: '/course', sections: [section] }
}

/** A lesson with the given exercises and one question, `<id>-question`. */
export function smallLesson(id: string, exercises: readonly string[] = []): Lesson {
  const question = {
    id: `${id}-question`,
    text: 'Who speaks first?',
    options: [
      { text: 'The client', correct: true },
      { text: 'The server', correct: false },
    ],
    explanation: 'A server only answers.',
  }
  return {
    id,
    title: `About ${id}`,
    minutes: 10,
    objectives: ['Say hello'],
    needs: [],
    primer: false,
    terms: {},
    markdown: '# Prose\n',
    headings: [{ id: 'prose', text: 'Prose', level: 1 }],
    questions: [question],
    exercises: exercises.map((exercise) => smallExercise(exercise, id)),
    file: `/course/lessons/01-start/${id}.md`,
  }
}

function smallExercise(id: string, lesson: string): Exercise {
  return {
    id,
    title: `Do ${id}`,
    lesson,
    kind: 'server',
    level: 1,
    minutes: 5,
    gradingSeconds: 2,
    hints: [{ text: 'Read the method.' }],
    task: 'Answer GET / with hello.\n',
    dir: `/course/exercises/${id}`,
    files: ['server.ts'],
  }
}
