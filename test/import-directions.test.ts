import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { homedir } from 'node:os'
import { describe, expect, test } from 'vitest'

const root = dirname(import.meta.dirname)

interface Import {
  readonly file: string
  /** A file of ours, from the root, or a specifier as it is written. */
  readonly to: string
  readonly onlyTypes: boolean
}

/** The grader's entries: what the server may use of it. */
const GRADER = ['grader/index.ts', 'grader/report/index.ts', 'grader/report/svg/index.ts']

/** Who may import what, besides files of their own area: the beginning of a path. */
const MAY: Record<string, readonly string[]> = {
  course: [],
  store: ['course/', 'types:grader/types/'],
  grader: ['course/'],
  verify: ['course/', 'grader/'],
  server: ['course/', 'store/', ...GRADER, 'types:grader/types/'],
  class: [
    'course/',
    'store/',
    'server/index.ts',
    'server/for-class.ts',
    ...GRADER,
    'types:grader/types/',
  ],
  cli: [
    'course/',
    'store/',
    'class/',
    ...GRADER,
    'types:grader/types/',
    'server/index.ts',
    'verify/verify-exercise.ts',
    'verify/check-types.ts',
    'verify/kept/',
    'verify/schedule/',
  ],
}

/** What the commands need beyond the entries, and why it is not worth an entry. */
const COMMANDS_TOO: Record<string, string> = {
  'grader/record/browser/install/examine-browser.ts':
    'doctor examines the machine without a grading',
  'grader/record/browser/browser.ts':
    'the browser of a grading starts while the rest of the grader is being loaded',
  'grader/record/browser/install/find-browser.ts':
    "the author's gate installs the browser once, before it grades side by side",
  'grader/machine/damaged-packages.ts': 'any command may lack a file of a package',
  'grader/machine/loopback.ts': 'a server of any command may find no address to listen on',
  'grader/record/browser/load-connect.ts': 'doctor loads the package that gradings need most',
  'grader/machine/shortage.ts': 'any command may run on a machine that is short of something',
  'grader/machine/temporary-folder.ts': 'doctor examines the machine without a grading',
  'grader/record/program/start/environment.ts': 'serve starts a program as a grading would',
  'grader/record/program/start/node-command.ts': 'serve starts a program as a grading would',
  'grader/record/program/program-folders.ts': 'serve starts a program as a grading would',
  'grader/record/program/learner-program.ts': 'serve starts a program as a grading would',
  'grader/record/program/page/page-program.ts': 'serve serves a page as a grading would',
  'grader/record/program/processes/end-group.ts': 'serve ends a program as a grading would',
  'grader/record/program/processes/started-by-command.ts':
    'serve ends a program as a grading would',
  'grader/record/program/ports/listening-ports.ts': 'the process that holds a wanted port is named',
  'server/http/roundtrip-at.ts': 'commands ask which Roundtrip is at a port',
  'server/http/listen.ts': 'doctor and serve try a port as the server would',
}

/** The same of class mode. */
const CLASS_TOO: Record<string, string> = {
  'grader/record/browser/install/run-npm.ts': 'PostgreSQL is fetched as the browser is',
  'grader/record/browser/install/install-lock.ts':
    'PostgreSQL is installed once, as the browser is',
  'grader/record/browser/install/install-shell.ts': 'what a killed installation left is removed',
  'grader/machine/temporary-folder.ts': 'a full disk is noticed before something is installed',
  'grader/machine/proc.ts': 'a server that has ended is told from one that runs',
  'grader/record/browser/install/find-browser.ts': 'a box shows the browser to its grader',
  'grader/types/errors.ts': 'who may run boxes is said with a remedy',
}

const TOO: Record<string, Record<string, string>> = { cli: COMMANDS_TOO, class: CLASS_TOO }

const code = globSync('{course,store,grader,verify,server,class,cli}/**/*.{ts,mjs}', { cwd: root })
  .map(slashes)
  .filter((file) => !file.startsWith('server/public/'))
const programs = globSync('{exercises,examples/*/exercises}/*/{stub,solution,mutants}/**/*.ts', {
  cwd: root,
})
  .map(slashes)
  .concat(code.filter((file) => file.startsWith('verify/junk-programs/')))
const checks = globSync('{exercises,examples/*/exercises}/*/*.ts', {
  cwd: root,
}).map(slashes)
const pageScripts = globSync('server/public/**/*.js', { cwd: root }).map(slashes)
const production = code.filter(
  (file) =>
    !file.endsWith('.test.ts') &&
    !file.includes('/junk-programs/') &&
    !file.includes('/templates/'),
)
const imports = production.flatMap(importsOf)

describe('imports point one way', () => {
  test.each(Object.keys(MAY))('from %s', (area) => {
    const allowed = (each: Import) =>
      MAY[area]!.some((rule) =>
        rule.startsWith('types:')
          ? each.onlyTypes && each.to.startsWith(rule.slice(6))
          : each.to.startsWith(rule),
      )
    const across = imports.filter(
      ({ file, to }) => areaOf(file) === area && areaOf(to) in MAY && areaOf(to) !== area,
    )
    const wrong = across.filter((each) => !allowed(each) && !(each.to in (TOO[area] ?? {})))
    expect(wrong.map(inWords)).toEqual([])
  })

  test.each(Object.keys(TOO))('and every exception for %s is used', (area) => {
    expect(
      Object.keys(TOO[area]!).filter(
        (to) => !imports.some((each) => areaOf(each.file) === area && each.to === to),
      ),
    ).toEqual([])
  })

  test('between the parts of the grader: recording and judging never meet', () => {
    const partOf = (path: string) => /^grader\/(record|judge|report)\//.exec(path)?.[1]
    const wrong = imports.filter(
      ({ file, to }) =>
        partOf(file) !== undefined && partOf(to) !== undefined && partOf(file) !== partOf(to),
    )
    expect(imports.filter(({ file }) => partOf(file) !== undefined).length).toBeGreaterThan(100)
    expect(wrong.map(inWords)).toEqual([])
  })

  test('and never in a circle, types included; only a dynamic import may', () => {
    const graph = new Map(production.map((file) => [file, staticImportsOf(file)]))
    expect(circles(graph)).toEqual([])
  })

  test('and never from what runs to what tests it', () => {
    const wrong = imports.filter(
      ({ to }) => /^(test|testing|bench|bin|tools)\//.test(to) || to.endsWith('.test.ts'),
    )
    expect(wrong.map(inWords)).toEqual([])
  })

  test('and to class mode, or to what only it needs, from class mode and its commands alone', () => {
    const wrong = imports.filter(
      ({ file, to, onlyTypes }) =>
        (to.startsWith('class/') ||
          to.startsWith('store/postgres/') ||
          (!onlyTypes && /^pg(-boss)?$/.test(to))) &&
        !/^(class|store\/postgres|cli\/commands\/(class|worker)\b)/.test(file) &&
        // doctor looks whether a class could run here.
        file !== 'cli/doctor/examine-for-class.ts',
    )
    expect(wrong.map(inWords)).toEqual([])
  })

  test('and only to packages this project depends on', () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    ) as Record<'dependencies' | 'devDependencies', Record<string, string>>
    const known = (name: string) =>
      name in dependencies || (name in devDependencies && name === 'typescript')
    const wrong = imports.filter(
      ({ to, onlyTypes }) =>
        isPackage(to) && !known(packageOf(to)) && !(onlyTypes && packageOf(to) in devDependencies),
    )
    expect(wrong.map(inWords)).toEqual([])
  })
})

describe('an exercise', () => {
  test('has checks that import #grader and files beside them, and nothing else', () => {
    // What is recorded may change files; what is judged sees none.
    const mayTouchFiles = (file: string, to: string) =>
      basename(file) === 'scenarios.ts' && to === 'node:fs/promises'
    expect(checks.length).toBeGreaterThan(0)
    expect(
      checks
        .flatMap(importsOf)
        .filter(({ file, to }) => to !== '#grader' && dirname(to) !== dirname(file))
        .filter(({ file, to }) => !mayTouchFiles(file, to))
        .map(inWords),
    ).toEqual([])
  })

  test('has programs that import Node, what a learner has, and files of their own folder', () => {
    const has = new Set(['express', 'cookie-parser'])
    expect(programs.length).toBeGreaterThan(20)
    const wrong = programs
      .flatMap(importsOf)
      .filter(
        ({ file, to }) =>
          !to.startsWith('node:') && !has.has(to) && !to.startsWith(`${dirname(file)}/`),
      )
    expect(wrong.map(inWords)).toEqual([])
  })
})

describe('every file', () => {
  const texts = [
    '{course,store,grader,verify,testing,server,class,cli,test,bench,bin,tools,docs,examples,lessons,exercises}/**/*',
    '*.{md,json,ts}',
    '.ci/*',
  ]
    .flatMap((pattern) => globSync(pattern, { cwd: root, withFileTypes: true }))
    .filter(
      (entry) =>
        entry.isFile() &&
        !/node_modules/.test(entry.parentPath) &&
        /\.(ts|mjs|js|md|json|css|svg|txt|yml|yaml)$|^run$/.test(entry.name),
    )
    .map((entry) => slashes(relative(root, join(entry.parentPath, entry.name))))

  test('mentions no path of one machine', () => {
    const here = [root, homedir()].filter((path) => path.split(sep).filter(Boolean).length >= 2)
    const mentions = texts.filter((file) => {
      const text = readFileSync(join(root, file), 'utf8')
      return (
        here.some((path) => text.includes(path)) ||
        /(?:^|[\s"'`(=])(?:\/home\/(?!you\b)[a-z]\w*\/|\/Users\/(?!you\b)\w+\/|\/root\/|[A-Z]:\\\\?Users\\)/m.test(
          text,
        )
      )
    })
    expect(texts.length).toBeGreaterThan(150)
    expect(mentions).toEqual([])
  })

  test('of code holds one idea: 300 lines at most', () => {
    expect(pageScripts.length).toBeGreaterThan(10)
    const long = [...production, ...checks, ...pageScripts]
      .map(
        (file) =>
          [file, readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length] as const,
      )
      .filter(([, lines]) => lines > 300)
    expect(long).toEqual([])
  })
})

test('circles are found, also long ones and several', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['a', 'd']],
    ['d', ['e', 'f']],
    ['e', ['d']],
    ['f', []],
  ])
  expect(circles(graph).map((group) => group.toSorted())).toEqual([
    ['d', 'e'],
    ['a', 'b', 'c'],
  ])
  expect(
    circles(
      new Map([
        ['a', ['b', 'c']],
        ['b', ['c']],
        ['c', []],
      ]),
    ),
  ).toEqual([])
})

describe('the reading of imports', () => {
  test.each<[string, string[]]>([
    ["import a from './a.ts'", ['./a.ts']],
    ["import type { A } from './a.ts'", ['./a.ts types']],
    ["import { type A, type B } from './a.ts'", ['./a.ts types']],
    ["import { a, type B } from './a.ts'", ['./a.ts']],
    ["import {\n  a,\n  b,\n} from '../b.ts'", ['../b.ts']],
    ["import './side.ts'", ['./side.ts']],
    [
      "export * from './a.ts'\nexport type * from './b.ts'\nexport { c } from './c.ts'",
      ['./a.ts', './b.ts types', './c.ts'],
    ],
    ["const { a } = await import('./a.ts')\nimport('./b.ts').then(go)", ['./a.ts', './b.ts']],
    ["let a: typeof import('./a.ts')", ['./a.ts types']],
    ["export const from = 'x'\nexport function a() {}", []],
    ["const text = `\nimport a from './quoted.ts'`\n// import b from './said.ts'", []],
  ])('%j', (text, expected) => {
    expect(
      readImports(text).map(({ specifier, onlyTypes }) => specifier + (onlyTypes ? ' types' : '')),
    ).toEqual(expected)
  })
})

function importsOf(file: string): Import[] {
  return readImports(readFileSync(join(root, file), 'utf8')).map(({ specifier, onlyTypes }) => ({
    file,
    to: specifier.startsWith('.') ? slashes(join(dirname(file), specifier)) : specifier,
    onlyTypes,
  }))
}

function staticImportsOf(file: string): string[] {
  const text = withoutTemplatesAndComments(readFileSync(join(root, file), 'utf8'))
  return [...text.matchAll(/^[ \t]*(?:import|export)\b[^'";]*?\bfrom\s*'(\.[^']+)'/gm)].map(
    ([, specifier]) => slashes(join(dirname(file), specifier!)),
  )
}

/** The groups of files of which each leads to each other (Tarjan's algorithm). */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const found: string[][] = []
  const visit = (file: string) => {
    order.set(file, order.size)
    lowest.set(file, order.get(file)!)
    open.push(file)
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) visit(next)
      if (open.includes(next))
        lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next) ?? Infinity))
    }
    if (lowest.get(file) !== order.get(file)) return
    const group = open.splice(open.indexOf(file))
    if (group.length > 1) found.push(group)
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return found
}

function readImports(source: string): { specifier: string; onlyTypes: boolean }[] {
  const text = withoutTemplatesAndComments(source)
  const statements = [
    ...text.matchAll(/^[ \t]*(import|export)\b(\s+type\b)?([^'";]*?)\bfrom\s*(['"])([^'"]+)\4/gm),
  ].map(([, , type, names, , specifier], _, all) => ({
    at: all.length,
    specifier: specifier!,
    onlyTypes:
      type !== undefined ||
      (/^\s*\{[^}]*\}\s*$/.test(names!) &&
        names!
          .replace(/[{}\s]/g, ' ')
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean)
          .every((name) => name.startsWith('type '))),
  }))
  const bare = [...text.matchAll(/^[ \t]*import\s*(['"])([^'"]+)\1/gm)].map(([, , specifier]) => ({
    specifier: specifier!,
    onlyTypes: false,
  }))
  const called = [...text.matchAll(/(typeof\s+)?\bimport\(\s*(['"])([^'"]+)\2/g)].map(
    ([, type, , specifier]) => ({ specifier: specifier!, onlyTypes: type !== undefined }),
  )
  return [
    ...statements.map(({ specifier, onlyTypes }) => ({ specifier, onlyTypes })),
    ...bare,
    ...called,
  ]
}

function withoutTemplatesAndComments(source: string): string {
  return source.replace(/`(?:\\.|[^\\`])*`/gs, '``').replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '')
}

function isPackage(to: string): boolean {
  return (
    !to.startsWith('node:') &&
    !to.startsWith('#') &&
    !/^(course|store|grader|verify|testing|server|class|cli|test|bench|bin|tools)\//.test(to) &&
    !/\.(ts|mjs|json)$/.test(to)
  )
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function areaOf(path: string): string {
  return path.split('/', 1)[0]!
}

function inWords({ file, to, onlyTypes }: Import): string {
  return `${file} imports ${onlyTypes ? 'types of ' : ''}${to}`
}

function slashes(path: string): string {
  return path.split(sep).join('/')
}
