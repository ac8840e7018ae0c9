import type { Course, Exercise, Lesson } from './types.ts'

/**
 * A course that is served beside another: the ids of its lessons, exercises and questions begin
 * with its own, `small--first-lesson`, so that they stand for themselves in an address, in the
 * learner's folder and in what is kept. No author's id holds two hyphens.
 */
export function besideOthers(course: Course): Course {
  const ids = course.sections.flatMap(({ lessons }) =>
    lessons.flatMap((lesson) => [lesson.id, ...lesson.exercises.map(({ id }) => id)]),
  )
  const own = (id: string) => `${course.id}--${id}`
  const text = (markdown: string) => withOwnIds(markdown, new Set(ids), own)
  const exercise = (each: Exercise): Exercise => ({
    ...each,
    id: own(each.id),
    lesson: own(each.lesson),
    task: text(each.task),
    hints: each.hints.map((hint) => ({ ...hint, text: text(hint.text) })),
  })
  const lesson = (each: Lesson): Lesson => ({
    ...each,
    id: own(each.id),
    needs: each.needs.map(own),
    markdown: text(each.markdown),
    terms: Object.fromEntries(
      Object.entries(each.terms).map(([term, meaning]) => [term, text(meaning)]),
    ),
    questions: each.questions.map((question) => ({
      ...question,
      id: own(question.id),
      text: text(question.text),
      options: question.options.map((option) => ({
        ...option,
        ...(option.why !== undefined && { why: text(option.why) }),
      })),
      explanation: text(question.explanation),
    })),
    exercises: each.exercises.map(exercise),
  })
  return {
    ...course,
    introduction: text(course.introduction),
    ...(course.refused && {
      refused: course.refused.map((each) => ({ ...each, id: own(each.id) })),
    }),
    sections: course.sections.map((section) => ({
      ...section,
      lessons: section.lessons.map(lesson),
    })),
  }
}

/**
 * Courses as one, under the name of the first: where a lesson or an exercise is found by its id.
 */
export function joinCourses([first, ...others]: readonly [Course, ...Course[]]): Course {
  const refused = [first, ...others].flatMap((course) => course.refused ?? [])
  return others.length === 0
    ? first
    : {
        ...first,
        sections: [first, ...others].flatMap(({ sections }) => sections),
        ...(refused.length > 0 && { refused }),
      }
}

/** Links to the course's own lessons and exercises, and the marks of its questions. */
function withOwnIds(
  markdown: string,
  ids: ReadonlySet<string>,
  own: (id: string) => string,
): string {
  return markdown
    .replace(/(\]\(\/(?:lessons|exercises)\/)([a-z0-9-]+)/g, (whole, before: string, id: string) =>
      ids.has(id) ? before + own(id) : whole,
    )
    .replace(
      /^( {0,3}(?:`{3,}|~{3,})quiz\s+id=)([a-z0-9-]+)/gm,
      (_, before: string, id: string) => before + own(id),
    )
}
