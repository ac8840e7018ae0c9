import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { fixtureFiles, writeFixtureCourse } from '../testing/sample-course.ts'
import { allExercises } from './find.ts'
import {
  CourseProblems,
  formatProblems,
  loadCourse,
  loadCourseStrictly,
  loadUsableCourse,
} from './load-course.ts'
import type { Course } from './types.ts'

const roots: string[] = []
const write = (changes?: Parameters<typeof writeFixtureCourse>[0]): string => {
  const root = writeFixtureCourse(changes)
  roots.push(root)
  return root
}
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true, force: true })))

const lessonFile = 'lessons/01-start/01-first.md'
const secondFile = 'lessons/01-start/02-second.md'
const exerciseFile = 'exercises/say-hello/exercise.md'
const lesson = fixtureFiles[lessonFile]
const second = lesson
  .replace('first-lesson', 'second-lesson')
  .replace('who-speaks-first', 'who-speaks-second')
const exercise = fixtureFiles[exerciseFile]

describe('loadCourse', () => {
  test('reads a course without mistakes', async () => {
    const root = write({ [secondFile]: second.replace('needs: []', 'needs: [first-lesson]') })
    const { course, problems } = await loadCourse(root)
    expect(problems).toEqual([])
    expect(course).toMatchObject({
      id: 'small',
      title: 'A small course',
      summary: 'For tests.',
      root,
    })
    expect(course.introduction).toBe('Welcome.\n')
    expect(course.sections).toHaveLength(1)
    const [first, next] = course.sections[0]!.lessons
    expect(first).toMatchObject({
      id: 'first-lesson',
      title: 'The first lesson',
      minutes: 10,
      needs: [],
      objectives: ['Say hello'],
      headings: [
        { id: 'the-first-lesson', text: 'The first lesson', level: 1 },
        { id: 'how-long', text: 'How long it lives', level: 2 },
      ],
      questions: [{ id: 'who-speaks-first', explanation: 'A server only answers.' }],
      file: join(root, lessonFile),
    })
    expect(first!.markdown).toMatch(/^# The first lesson\n/)
    expect(first!.exercises).toEqual([
      {
        id: 'say-hello',
        title: 'Say hello',
        lesson: 'first-lesson',
        kind: 'server',
        level: 1,
        minutes: 5,
        gradingSeconds: 2,
        hints: [{ text: 'Read the method.' }],
        task: 'Answer GET / with hello.\n',
        dir: join(root, 'exercises/say-hello'),
        files: ['server.ts'],
      },
    ])
    expect(next).toMatchObject({ id: 'second-lesson', needs: ['first-lesson'], exercises: [] })
  })

  test('orders exercises by level, then id, and puts the file that is started first', async () => {
    const copy = (id: string, level: number): Record<string, string> => ({
      [`exercises/${id}/exercise.md`]: exercise.replace('level: 1', `level: ${level}`),
      [`exercises/${id}/stub/app/page.html`]: '',
      [`exercises/${id}/stub/server.ts`]: '',
      [`exercises/${id}/solution/app/page.html`]: '',
      [`exercises/${id}/solution/server.ts`]: '',
      [`exercises/${id}/mutants/wrong/server.ts`]: '',
      [`exercises/${id}/checks.ts`]: '',
      [`exercises/${id}/stub/.DS_Store`]: '',
    })
    const { course, problems } = await loadCourse(
      write({ ...copy('zebra', 1), ...copy('a-hard-one', 2) }),
    )
    expect(problems).toEqual([])
    const exercises = course.sections[0]!.lessons[0]!.exercises
    expect(exercises.map(({ id }) => id)).toEqual(['say-hello', 'zebra', 'a-hard-one'])
    expect(exercises[1]!.files).toEqual(['server.ts', 'app/page.html'])
  })

  const withoutKey = (text: string, key: string): string =>
    text.replace(new RegExp(`^${key}:.*\n(  - .*\n)*`, 'm'), '')
  const block = (lines: string): string => lesson.replace(/```quiz[^]*```/, lines)
  const exerciseFiles = Object.entries(fixtureFiles).filter(([path]) =>
    path.startsWith('exercises/'),
  )
  const gone = (folder: string): Record<string, null> =>
    Object.fromEntries(
      exerciseFiles
        .filter(([path]) => path.startsWith(`exercises/say-hello/${folder}`))
        .map(([path]) => [path, null]),
    )
  const renamed = (id: string): Record<string, string> =>
    Object.fromEntries(exerciseFiles.map(([path, text]) => [path.replace('say-hello', id), text]))

  // What the author did, the files, then: file, line, message, remedy.
  test.each<
    [string, Record<string, string | null>, string, number, string | RegExp, string | RegExp]
  >([
    [
      'left course.md out',
      { 'lessons/course.md': null },
      'lessons/course.md',
      1,
      'This file is missing.',
      /id, title and summary/,
    ],
    [
      'left section.md out',
      { 'lessons/02-more/01-a.md': second, 'lessons/02-more/section.md': null },
      'lessons/02-more/section.md',
      1,
      'This file is missing.',
      /id, title and summary/,
    ],
    [
      'left exercise.md out',
      { [exerciseFile]: null },
      exerciseFile,
      1,
      'This file is missing.',
      /title, lesson, kind, level, minutes, gradingSeconds, hints/,
    ],
    [
      'wrote no front matter',
      { [secondFile]: '# Title\n' },
      secondFile,
      1,
      'The front matter is missing.',
      /"---"/,
    ],
    [
      'broke the YAML',
      { [secondFile]: second.replace('title: The', 'title: The: ') },
      secondFile,
      3,
      'The front matter has a second ": " on one line.',
      /quotes/,
    ],
    [
      'wrote a list as front matter',
      { [secondFile]: '---\n- a\n---\n' },
      secondFile,
      1,
      'The front matter is not a list of keys and values.',
      /The keys are: id, title/,
    ],
    [
      'left a key out',
      { [secondFile]: withoutKey(second, 'minutes') },
      secondFile,
      1,
      '"minutes" is missing.',
      'Add "minutes: …" to the front matter, with a whole number of minutes, from 1 to 600.',
    ],
    [
      'left a value empty',
      { [secondFile]: second.replace('title: The first lesson', 'title:') },
      secondFile,
      3,
      '"title" is empty.',
      '"title" must be a text.',
    ],
    [
      'wrote a word for a number',
      { [secondFile]: second.replace('minutes: 10', 'minutes: ten') },
      secondFile,
      4,
      '"minutes" is "ten".',
      '"minutes" must be a whole number of minutes, from 1 to 600.',
    ],
    [
      'wrote a fraction of a minute',
      { [secondFile]: second.replace('minutes: 10', 'minutes: 2.5') },
      secondFile,
      4,
      '"minutes" is 2.5.',
      /whole number/,
    ],
    [
      'misspelt a key',
      { [secondFile]: second.replace('needs: []', 'need: []') },
      secondFile,
      5,
      '"need" is not a key here.',
      'Did you mean "needs"?',
    ],
    [
      'invented a key',
      { [secondFile]: second.replace('needs: []', 'colour: red') },
      secondFile,
      5,
      '"colour" is not a key here.',
      'Remove it. The keys are: id, title, minutes, needs, objectives, primer, terms.',
    ],
    [
      'wrote no objective',
      { [secondFile]: second.replace(/objectives:\n.*/, 'objectives: []') },
      secondFile,
      6,
      '"objectives" is empty.',
      '"objectives" must be a list of at least one text.',
    ],
    [
      'wrote a number among texts',
      { [secondFile]: second.replace('- Say hello', '- Say hello\n  - 7') },
      secondFile,
      8,
      'Entry 2 of "objectives" is 7.',
      /list of at least one text/,
    ],
    [
      'wrote an id in capitals',
      { [secondFile]: second.replace('second-lesson', 'Second_Lesson') },
      secondFile,
      2,
      '"id" is "Second_Lesson".',
      /kebab-case/,
    ],
    [
      'named a file without its number',
      { 'lessons/01-start/second.md': second },
      'lessons/01-start/second.md',
      1,
      /The name "second" is not two digits/,
      /06-connections/,
    ],
    [
      'left a section without lessons',
      { [lessonFile]: null, ...gone('') },
      'lessons/01-start',
      1,
      'This section has no lesson.',
      /Add a lesson/,
    ],
    [
      'used a lesson id twice',
      { [secondFile]: second.replace('second-lesson', 'first-lesson') },
      secondFile,
      2,
      'The lesson id "first-lesson" is taken.',
      `It stands first at ${lessonFile}:2. Give one of the two another id.`,
    ],
    [
      'used a section id twice',
      {
        'lessons/02-more/section.md': fixtureFiles['lessons/01-start/section.md'],
        'lessons/02-more/01-a.md': second,
      },
      'lessons/02-more/section.md',
      2,
      'The section id "start" is taken.',
      /01-start\/section\.md:2/,
    ],
    [
      'used a question id twice',
      { [secondFile]: second.replace('who-speaks-second', 'who-speaks-first') },
      secondFile,
      15,
      'The question id "who-speaks-first" is taken.',
      `It stands first at ${lessonFile}:15. Give one of the two another id.`,
    ],
    [
      'needed a lesson that is not there',
      { [secondFile]: second.replace('needs: []', 'needs: [frist-lesson]') },
      secondFile,
      5,
      '"needs" names a lesson "frist-lesson", which does not exist.',
      'Did you mean "first-lesson"?',
    ],
    [
      'needed lessons in a circle',
      {
        [lessonFile]: lesson.replace('needs: []', 'needs: [second-lesson]'),
        [secondFile]: second.replace('needs: []', 'needs: [first-lesson]'),
      },
      lessonFile,
      5,
      'These lessons need each other in a circle: first-lesson → second-lesson → first-lesson.',
      'Remove one of these needs.',
    ],
    [
      'let a lesson need itself',
      { [secondFile]: second.replace('needs: []', 'needs: [second-lesson]') },
      secondFile,
      5,
      'These lessons need each other in a circle: second-lesson → second-lesson.',
      'Remove one of these needs.',
    ],
    [
      'wrote a question without an id',
      { [lessonFile]: lesson.replace('quiz id=who-speaks-first', 'quiz') },
      lessonFile,
      15,
      'This question has no id.',
      /```quiz id=/,
    ],
    [
      'wrote a question id in capitals',
      { [lessonFile]: lesson.replace('who-speaks-first', 'Who') },
      lessonFile,
      15,
      'The question\'s id "Who" is not in kebab-case.',
      /small letters/,
    ],
    [
      'marked no option as right',
      { [lessonFile]: lesson.replace('(x)', '( )') },
      lessonFile,
      15,
      'No option of this question is right.',
      /"\(x\)"/,
    ],
    [
      'marked two options as right',
      { [lessonFile]: lesson.replace(/\( \)(.*\n) .*\n/, '(x)$1') },
      lessonFile,
      15,
      '2 options of this question are marked as right.',
      /Leave "\(x\)" on one/,
    ],
    [
      'gave one option',
      { [lessonFile]: lesson.replace(/\( \).*\n .*\n/, '') },
      lessonFile,
      15,
      'This question has 1 option.',
      /at least two/,
    ],
    [
      'gave no explanation',
      { [lessonFile]: lesson.replace(/^= .*\n/m, '') },
      lessonFile,
      15,
      'This question has no explanation.',
      /"= …"/,
    ],
    [
      'left a code block open',
      { [lessonFile]: block('```http\nGET / HTTP/1.1\n') },
      lessonFile,
      15,
      'The code block that opens here is never closed.',
      /backticks/,
    ],
    [
      'used an anchor twice',
      { [lessonFile]: block('## Again {#how-long}') },
      lessonFile,
      15,
      'The anchor "how-long" stands twice in this lesson.',
      /\{#another\}/,
    ],
    [
      'wrote an anchor in capitals',
      { [lessonFile]: block('## Again {#Again}') },
      lessonFile,
      15,
      'The anchor "Again" is not in kebab-case.',
      /small letters/,
    ],
    [
      'named a lesson that is not there',
      { [exerciseFile]: exercise.replace('first-lesson', 'first-leson') },
      exerciseFile,
      3,
      'No lesson is called "first-leson".',
      'Did you mean "first-lesson"?',
    ],
    [
      'invented a kind',
      { [exerciseFile]: exercise.replace('kind: server', 'kind: proxy') },
      exerciseFile,
      4,
      '"kind" is "proxy".',
      '"kind" must be server, client or page.',
    ],
    [
      'invented a level',
      { [exerciseFile]: exercise.replace('level: 1', 'level: 4') },
      exerciseFile,
      5,
      '"level" is 4.',
      '"level" must be 1, 2 or 3.',
    ],
    [
      'gave no grading time',
      { [exerciseFile]: exercise.replace('gradingSeconds: 2', 'gradingSeconds: 0') },
      exerciseFile,
      7,
      '"gradingSeconds" is 0.',
      /above 0/,
    ],
    [
      'gave no hints',
      { [exerciseFile]: exercise.replace(/hints:\n.*/, 'hints: []') },
      exerciseFile,
      8,
      '"hints" is empty.',
      /list of at least one text/,
    ],
    [
      'gave an empty hint',
      { [exerciseFile]: exercise.replace('- Read the method.', '- ""') },
      exerciseFile,
      9,
      'Entry 1 of "hints" is empty.',
      /list of at least one text/,
    ],
    ...['my notes.ts', 'ü.ts', 'lib/a b.ts'].map(
      (name): [string, Record<string, string>, string, number, string, RegExp] => [
        `put ${name} into the stub`,
        {
          [`exercises/say-hello/stub/${name}`]: '',
          [`exercises/say-hello/solution/${name}`]: '',
        },
        `exercises/say-hello/stub/${name}`,
        1,
        `No run could keep a file named "${name}".`,
        /letters, digits/,
      ],
    ),
    [
      'left the stub out',
      gone('stub'),
      'exercises/say-hello/stub',
      1,
      'The stub is missing.',
      /starts from/,
    ],
    [
      'left the solution out',
      gone('solution'),
      'exercises/say-hello/solution',
      1,
      'The solution is missing.',
      /solved/,
    ],
    [
      'left the checks out',
      gone('checks'),
      'exercises/say-hello/checks.ts',
      1,
      'The checks are missing.',
      /default/,
    ],
    [
      'left a mutant without its file',
      { 'exercises/say-hello/mutants/does-nothing/other.ts': '' },
      'exercises/say-hello/mutants/does-nothing',
      1,
      'This mutant has no server.ts.',
      /Add the wrong solution/,
    ],
    [
      'named a mutant in capitals',
      { 'exercises/say-hello/mutants/Bad/server.ts': '' },
      'exercises/say-hello/mutants/Bad',
      1,
      'The mutant\'s name "Bad" is not in kebab-case.',
      /diagnosis/,
    ],
    [
      'named a patch in capitals',
      { 'exercises/say-hello/mutants/Bad.patch': '' },
      'exercises/say-hello/mutants/Bad.patch',
      1,
      'The mutant\'s name "Bad" is not in kebab-case.',
      /diagnosis/,
    ],
    [
      'kept a mutant as a folder and as a patch',
      { 'exercises/say-hello/mutants/says-nothing.patch': '' },
      'exercises/say-hello/mutants/says-nothing',
      1,
      'The mutant says-nothing is here twice, as a folder and as says-nothing.patch.',
      /Remove the one/,
    ],
    [
      'left a file of the stub out of the solution',
      { 'exercises/say-hello/stub/routes.ts': '' },
      'exercises/say-hello/stub/routes.ts',
      1,
      'This file of the stub is not in the solution.',
      /Add exercises\/say-hello\/solution\/routes\.ts/,
    ],
    [
      'named none of several files for the kind',
      {
        [exerciseFile]: exercise.replace('kind: server', 'kind: page'),
        'exercises/say-hello/stub/other.ts': '',
        'exercises/say-hello/solution/other.ts': '',
        'exercises/say-hello/mutants/says-nothing/other.ts': '',
        'exercises/say-hello/index.html': '',
      },
      'exercises/say-hello/stub',
      1,
      "Of the stub's 2 files none is named page.ts.",
      /page\.ts/,
    ],
    [
      'wrote no page for a script',
      { [exerciseFile]: exercise.replace('kind: server', 'kind: page') },
      'exercises/say-hello/index.html',
      1,
      'The page is missing.',
      /the script/,
    ],
    [
      'named the folder in capitals',
      renamed('Say_Hello'),
      'exercises/Say_Hello',
      1,
      'The folder\'s name "Say_Hello" is not in kebab-case.',
      /It is the id/,
    ],
  ])(
    'an author who %s reads where and what to do',
    async (_, changes, file, line, message, remedy) => {
      const { problems } = await loadCourse(write(changes))
      expect(problems).toHaveLength(1)
      expect(problems[0]).toMatchObject({ file, line })
      if (typeof message === 'string') expect(problems[0]!.message).toBe(message)
      else expect(problems[0]!.message).toMatch(message)
      if (typeof remedy === 'string') expect(problems[0]!.remedy).toBe(remedy)
      else expect(problems[0]!.remedy).toMatch(remedy)
    },
  )

  test('blames no exercise for a lesson whose front matter is broken', async () => {
    const { problems } = await loadCourse(
      write({ [lessonFile]: lesson.replace('minutes: 10', 'minutes: ten') }),
    )
    expect(problems.map(({ file, line }) => `${file}:${line}`)).toEqual([`${lessonFile}:4`])
  })

  test('names a circle of three once, and not the lesson that leads to it', async () => {
    const needs = { a: 'b', b: 'c', c: 'a', d: 'a' }
    const lessons = Object.entries(needs).map(([id, need], at): [string, string] => [
      `lessons/01-start/0${at + 2}-${id}.md`,
      second
        .replace('second-lesson', id)
        .replace('who-speaks-second', `question-${id}`)
        .replace('needs: []', `needs: [${need}]`),
    ])
    const { problems } = await loadCourse(write(Object.fromEntries(lessons)))
    expect(problems.map(({ message }) => message)).toEqual([
      'These lessons need each other in a circle: a → b → c → a.',
    ])
  })

  test('reports every mistake at once, in reading order, and still gives what can be read', async () => {
    const { course, problems } = await loadCourse(
      write({
        'lessons/course.md': '---\nid: small\n---\n',
        [secondFile]: second
          .replace('minutes: 10', 'minutes: 0')
          .replace('needs: []', 'need: []')
          .replace('(x)', '( )'),
        [exerciseFile]: exercise.replace('level: 1', 'level: 9'),
        'exercises/say-hello/checks.ts': null,
      }),
    )
    expect(problems.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'exercises/say-hello/checks.ts:1',
      'exercises/say-hello/exercise.md:5',
      'lessons/01-start/02-second.md:4',
      'lessons/01-start/02-second.md:5',
      'lessons/01-start/02-second.md:15',
      'lessons/course.md:1',
      'lessons/course.md:1',
    ])
    expect(course.sections[0]!.lessons.map(({ id }) => id)).toEqual(['first-lesson'])
  })

  test('an empty folder is a course with a list of what is missing', async () => {
    const root = write(Object.fromEntries(Object.keys(fixtureFiles).map((path) => [path, null])))
    mkdirSync(join(root, 'lessons'))
    const { course, problems } = await loadCourse(root)
    expect(problems.map(({ file }) => file)).toEqual(['lessons/course.md'])
    expect(course.sections).toEqual([])
  })
})

describe('loadUsableCourse', () => {
  const other = Object.fromEntries(
    Object.entries(fixtureFiles)
      .filter(([path]) => path.startsWith('exercises/'))
      .map(([path, text]) => [path.replace('say-hello', 'say-bye'), text]),
  )
  const ids = (course: Course) => allExercises(course).map((found) => found.exercise.id)

  test('gives the whole course when it has no mistakes', async () => {
    const course = await loadUsableCourse(write(other))
    expect([ids(course), course.refused]).toEqual([['say-bye', 'say-hello'], undefined])
  })

  test.each([
    ['a level that is none', { [exerciseFile]: exercise.replace('level: 1', 'level: 9') }],
    ['no checks', { 'exercises/say-hello/checks.ts': null }],
    ['a lesson that is none', { [exerciseFile]: exercise.replace('first-lesson', 'no-lesson') }],
    ['no front matter', { [exerciseFile]: 'A task.' }],
    ['a name that cannot be kept', { 'exercises/say-hello/stub/a b.ts': '' }],
  ])('refuses the one exercise with %s', async (_, changes) => {
    const course = await loadUsableCourse(write({ ...other, ...changes }))
    expect(ids(course)).toEqual(['say-bye'])
    expect(course.refused?.map(({ id }) => id)).toEqual(['say-hello'])
    expect(course.refused?.[0]?.problems[0]?.message).toBeTruthy()
  })

  test('throws every mistake when one is in no exercise', async () => {
    const root = write({
      'lessons/course.md': null,
      [exerciseFile]: exercise.replace('level: 1', 'level: 9'),
    })
    const error = await loadUsableCourse(root).catch((thrown: unknown) => thrown)
    expect((error as CourseProblems).problems).toHaveLength(2)
  })
})

describe('loadCourseStrictly', () => {
  test('gives the course when it has no mistakes', async () => {
    expect(await loadCourseStrictly(write())).toMatchObject({ id: 'small' })
  })

  test('throws the whole list, ready to print', async () => {
    const root = write({
      [lessonFile]: lesson.replace('title: The', 'title: The: '),
      'exercises/say-hello/checks.ts': null,
    })
    const error = await loadCourseStrictly(root).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CourseProblems)
    expect((error as CourseProblems).problems).toHaveLength(2)
    expect((error as CourseProblems).message).toBe(`The course has 2 mistakes.

exercises/say-hello/checks.ts:1
  The checks are missing.
  Export them from this file as its default.

lessons/01-start/01-first.md:3:8
  The front matter has a second ": " on one line.
      title: The:  first lesson
             ^
  Put the value in quotes: title: "Cookies: the state".`)
  })

  test('formatProblems counts one mistake as one', () => {
    const problem = { file: 'a.md', line: 2, message: 'Wrong.', remedy: 'Fix it.' }
    expect(formatProblems([problem])).toBe(
      'The course has 1 mistake.\n\na.md:2\n  Wrong.\n  Fix it.',
    )
  })
})
