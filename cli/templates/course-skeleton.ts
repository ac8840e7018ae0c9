import { relative, sep } from 'node:path'
import { exerciseSkeleton, type Skeleton } from './exercise-skeleton.ts'
import { FIRST_ANCHOR, lessonSkeleton, sectionSkeleton } from './lesson-skeleton.ts'

/**
 * A course with a section, a lesson and an exercise. `dir` and `project` tell an editor where the
 * grader's types are.
 */
export function courseSkeleton({
  id,
  title,
  dir,
  project,
}: {
  id: string
  title: string
  dir: string
  project: string
}): Skeleton {
  const fromCourse = (path: string) => {
    const there = relative(dir, `${project}/${path}`).split(sep).join('/')
    return there.startsWith('.') ? there : `./${there}`
  }
  return {
    'lessons/course.md': `---\nid: ${id}\ntitle: ${JSON.stringify(title)}\nsummary: Say in one sentence what a learner is able to do after it.\n---\n\nSay for whom it is, and how it goes.\n`,
    ...sectionSkeleton({ id: 'start', title: 'Start', folder: 'lessons/01-start' }),
    ...lessonSkeleton({
      id: 'first-lesson',
      title: 'The first lesson',
      file: 'lessons/01-start/10-first-lesson.md',
    }),
    ...exerciseSkeleton({
      id: 'greet-by-name',
      title: 'Greet by name',
      lesson: 'first-lesson',
      kind: 'server',
      anchor: FIRST_ANCHOR,
    }),
    // Without it, editors take checks.ts for CommonJS, and Node warns where a folder above has a
    // package.json of another kind.
    'package.json': `${JSON.stringify({ private: true, type: 'module' }, null, 2)}\n`,
    'tsconfig.json': `${JSON.stringify(tsconfig(fromCourse), null, 2)}\n`,
    '.gitignore': 'node_modules/\nwork/\n.roundtrip/\n',
  }
}

/** For editors; nothing is built. */
function tsconfig(fromCourse: (path: string) => string) {
  return {
    compilerOptions: {
      target: 'es2024',
      module: 'nodenext',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      erasableSyntaxOnly: true,
      verbatimModuleSyntax: true,
      types: ['node'],
      typeRoots: [fromCourse('node_modules/@types')],
      paths: { '#grader': [fromCourse('grader/authoring.ts')] },
    },
    include: ['exercises/*/checks.ts'],
  }
}
