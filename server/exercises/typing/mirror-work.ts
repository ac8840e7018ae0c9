import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listFilesBelow } from '../../../course/read/course-files.ts'
import { readOrdinaryFile } from '../../../course/read/read-file.ts'
import type { Paths } from '../../../course/paths.ts'
import type { Exercise } from '../../../course/types.ts'
import { workFolder } from '../../../course/work/work-folder.ts'
import { writeFileAtomically } from '../../../course/files/write-file.ts'

/** A file of the copy that isn't as it was. */
export interface MirrorChange {
  readonly path: string
  /** The protocol's FileChangeType: 1 created, 2 changed, 3 deleted. */
  readonly type: 1 | 2 | 3
}

/**
 * Copies the learner's files to where only this configuration is about them: theirs may lie below
 * another one, or far from the packages. Gives what changed there.
 */
export function mirrorWork(exercise: Exercise, folder: string, paths: Paths): MirrorChange[] {
  const work = workFolder(exercise, paths)
  const files = existsSync(work) ? listFilesBelow(work).filter(isSource) : []
  const texts = new Map([
    ['tsconfig.json', JSON.stringify(configFor(exercise))],
    // As in a grading, where the project's own says so.
    ['package.json', '{"type":"module"}'],
    ...files.slice(0, MOST_FILES).map((name) => [name, sourceOf(join(work, name))] as const),
  ])
  const gone = listFilesBelow(folder).filter((name) => !texts.has(name))
  return [
    ...gone.map((name): MirrorChange => {
      const path = join(folder, name)
      rmSync(path)
      return { path, type: 3 }
    }),
    ...[...texts].flatMap(([name, text]): MirrorChange[] => {
      const path = join(folder, name)
      const isThere = existsSync(path)
      if (isThere && readFileSync(path, 'utf8') === text) return []
      mkdirSync(dirname(path), { recursive: true })
      writeFileAtomically(path, text)
      return [{ path, type: isThere ? 2 : 1 }]
    }),
  ]
}

/** Empty when it cannot be read: the learner reads why where they edit or run it. */
function sourceOf(path: string): string {
  try {
    return readOrdinaryFile(path).toString('utf8')
  } catch {
    return ''
  }
}

const MOST_FILES = 50

function isSource(name: string): boolean {
  return /\.(?:[cm]?[jt]s|json)$/.test(name) && name !== 'tsconfig.json'
}

/** As strict as the exercises themselves are, apart from what a learner need not write. */
function configFor({ kind }: Exercise): object {
  const inPage = kind === 'page'
  return {
    compilerOptions: {
      target: 'es2024',
      lib: ['es2024', ...(inPage ? ['dom', 'dom.iterable'] : [])],
      module: 'nodenext',
      moduleDetection: 'force',
      types: inPage ? [] : ['node'],
      strict: true,
      noImplicitAny: false,
      // Node takes types away one file at a time: both tell what it then cannot run.
      erasableSyntaxOnly: true,
      verbatimModuleSyntax: true,
      allowImportingTsExtensions: true,
      allowJs: true,
      noEmit: true,
      skipLibCheck: true,
    },
    include: ['**/*'],
  }
}
