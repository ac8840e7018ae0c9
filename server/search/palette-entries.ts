import { glossaryOf } from '../../course/lessons/glossary.ts'
import { courseProgress } from '../../course/progress/progress.ts'
import { wayTo, type Way } from '../lessons/way-to.ts'
import { addressOfCourse, recordsOf, type AppContext } from '../http/app-context.ts'
import { standingWords } from '../runs/standing.ts'

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
export async function paletteEntries(context: AppContext): Promise<PaletteEntry[]> {
  const { course, courses } = context
  const { sections, next } = courseProgress(course, await recordsOf(context))
  const lessons = sections.flatMap((section) => section.lessons)
  return [
    ...(next ? [continueEntry(wayTo(next))] : []),
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
        hint: standingWords[state],
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

function continueEntry({ address, doing, title }: Way): PaletteEntry {
  return { kind: 'Go to', title: `Continue: ${title}`, hint: doing.toLowerCase(), address }
}
