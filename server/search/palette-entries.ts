import { glossaryOf } from '../../course/glossary.ts'
import { courseProgress, type Next } from '../../course/progress.ts'
import { addressOfCourse, type AppContext } from '../http/app-context.ts'

/** Something one can go to from the palette. */
export interface PaletteEntry {
  readonly kind: 'Go to' | 'Lesson' | 'Exercise' | 'Heading' | 'Term'
  readonly title: string
  /**
   * What helps to tell it from others, and is searched too: a state, or the lesson of a heading.
   */
  readonly hint: string
  readonly address: string
}

/**
 * Everything one can go to, in the course's order: the places first, then lessons, exercises,
 * headings and terms.
 */
export function paletteEntries({ course, courses, store }: AppContext): PaletteEntry[] {
  const { sections, next } = courseProgress(course, store.records())
  const lessons = sections.flatMap((section) => section.lessons)
  return [
    ...(next ? [continueEntry(next)] : []),
    ...courses.map((each): PaletteEntry => ({
      kind: 'Go to',
      title: 'Course and progress',
      hint: each.title,
      address: addressOfCourse(each, courses),
    })),
    { kind: 'Go to', title: 'Review', hint: 'questions you missed', address: '/review' },
    { kind: 'Go to', title: 'Glossary', hint: '', address: '/glossary' },
    { kind: 'Go to', title: 'Search page', hint: '', address: '/search' },
    ...lessons.map(({ lesson, state }): PaletteEntry => ({
      kind: 'Lesson',
      title: lesson.title,
      hint: lessonStates[state],
      address: `/lessons/${lesson.id}`,
    })),
    ...lessons.flatMap(({ exercises }) =>
      exercises.map(({ exercise, state }): PaletteEntry => ({
        kind: 'Exercise',
        title: exercise.title,
        hint: exerciseStates[state],
        address: `/exercises/${exercise.id}`,
      })),
    ),
    ...lessons.flatMap(({ lesson }) =>
      lesson.headings
        .filter(({ level }) => level > 1)
        .map(({ id, text }): PaletteEntry => ({
          kind: 'Heading',
          title: text,
          hint: lesson.title,
          address: `/lessons/${lesson.id}#${id}`,
        })),
    ),
    ...glossaryOf(course).map(({ term, id }): PaletteEntry => ({
      kind: 'Term',
      title: term.replaceAll('`', ''),
      hint: 'in the glossary',
      address: `/glossary#${id}`,
    })),
  ]
}

const lessonStates = { new: '', reading: 'begun', done: 'done' } as const
const exerciseStates = { none: '', tried: 'not yet passed', passed: 'passed' } as const

function continueEntry(next: Next): PaletteEntry {
  const { title, address } =
    next.kind === 'lesson'
      ? { title: next.lesson.title, address: `/lessons/${next.lesson.id}` }
      : { title: next.exercise.title, address: `/exercises/${next.exercise.id}` }
  return { kind: 'Go to', title: `Continue: ${title}`, hint: next.kind, address }
}
