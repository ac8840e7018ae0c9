import { existsSync, readdirSync, rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { closeBrowser } from './record/browser/browser.ts'
import type { Grading } from './grade-options.ts'
import { setUpFolders } from './record/set-up-folders.ts'
import { setUpByHand } from './set-up-by-hand.ts'
import { writtenExercises } from '../testing/written-exercises.ts'

const { grade, write, remove } = writtenExercises()
afterAll(closeBrowser)
afterAll(remove)
afterAll(() => rmSync(setUpFolders, { recursive: true, force: true }))

const told = ({ report }: Grading) =>
  report.error ??
  report.checks
    .slice(1)
    .map(({ id, outcome, error, findings }) =>
      [id, outcome, error ?? findings.find(({ holds }) => !holds)?.received ?? ''].join(' | '),
    )
const left = () => (existsSync(setUpFolders) ? readdirSync(setUpFolders) : [])

describe('mime-and-downloads: files of a folder, and none beside it', () => {
  const checks = `const visit = scenario('Files are asked for', {
  async setUp({ folder, random }) {
    const [word, secret] = [random.word(), random.token()]
    const path = await folder({ 'site/a.txt': word, 'site/deep/b.bin': random.bytes(3), 'secret.txt': secret, 'site/out': { link: '../secret.txt' } })
    return { word, secret, environment: { SITE: path + '/site', WORD: word } }
  },
  async record({ send }, { word, secret, environment }) {
    return { word, secret, site: environment.SITE, text: await send('/a.txt'), bytes: await send('/deep/b.bin'), out: await send('/out'), dots: await send('/%2e%2e/secret.txt') }
  },
})
const given = check('Files are given', visit, { verify: ({ word, text, bytes }, expect) => { expect(text).toHaveText(word); expect(bytes.response.body.length, 'bytes').toBe(3) } })
const inside = check('Nothing outside is given', visit, { verify: ({ secret, out, dots }, expect) => { for (const each of [out, dots]) expect(text(each).includes(secret), 'the secret came').toBe(false) } })
export default { given, inside }`
  const program = `import { createServer } from 'node:http'
import { readFileSync, realpathSync } from 'node:fs'
import { resolve, sep } from 'node:path'
const site = realpathSync(process.env.SITE!)
createServer((request, response) => {
  try {
    const path = realpathSync(resolve(site, '.' + decodeURIComponent(request.url!)))
    if (!path.startsWith(site + sep)) return response.writeHead(404).end()
    response.end(readFileSync(path))
  } catch { response.writeHead(404).end() }
}).listen(Number(process.env.PORT), '127.0.0.1')
`
  const trusting = program.replace(/^.*startsWith.*\n/m, '')

  test('by a right program, and nothing of it is left', async () => {
    const grading = await grade({ kind: 'server', checks, program })
    expect(told(grading)).toEqual(['given | passed | ', 'inside | passed | '])
    expect(left()).toEqual([])
  })

  test('and not by one that follows links and dots; its path is not in what is shown', async () => {
    const grading = await grade({ kind: 'server', checks, program: trusting })
    expect(told(grading)).toEqual(['given | passed | ', 'inside | failed | true'])
    expect(Object.keys(grading.evidence[0]!.environment!)).toEqual(['WORD'])
    expect(JSON.stringify(grading.report)).not.toContain(setUpFolders)
    const other = await grade({ kind: 'server', checks, program })
    const site = ({ evidence }: Grading) => (evidence[0]!.recorded as { site: string }).site
    expect(site(other)).not.toBe(site(grading))
  })

  test('which is made for a program that a person starts, too', async () => {
    const { environment, close } = await setUpByHand(write({ kind: 'server', checks, program }))
    expect(readdirSync(environment['SITE']!).toSorted()).toEqual(['a.txt', 'deep', 'out'])
    await close()
    expect(left()).toEqual([])
  })
})

describe('an author is told of', () => {
  test.for([
    ["{ '../a': 'x' }", 'folder() was given the name "../a". Name what is in it'],
    ["{ '/a': 'x' }", 'folder() was given the name "/a".'],
    ["{ a: { to: 'x' } }", 'folder() was given no content for "a". Give it a text, bytes, or'],
    ['{ a: undefined }', 'folder() was given no content for "a".'],
    ["{ a: 'x', 'a/b': 'y' }", 'folder() was given "a/b" both as a file and as a folder.'],
  ])('a folder that cannot be: %s', async ([contents, error]) => {
    const grading = await grade({
      kind: 'server',
      checks: `const visit = scenario('Never', { async setUp({ folder }) { await folder(${contents}); return {} }, async record() { return {} } })
export default { never: check('Never', visit, { verify: (_, expect) => { expect(1, 'one').toBe(1) } }) }`,
      program: '',
    })
    expect(told(grading)).toContain(`The scenario "Never" could not be set up: ${error}`)
    expect(told(grading)).toContain('Fix it in checks.ts.')
    expect(left()).toEqual([])
  })
})
