import { describe, expect, test } from 'vitest'
import type { CheckResult, Report } from '../types/index.ts'
import { junit } from './junit.ts'

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: (Element | string)[]
}

/**
 * Reads XML as strictly as XML 1.0 asks for what is used here: throws when it is not well formed.
 */
function parse(document: string): Element {
  const illegal = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(document)
  if (illegal) throw new Error(`a character XML cannot carry: ${JSON.stringify(illegal[0])}`)
  const root: Element = { name: '', attributes: {}, children: [] }
  const stack = [root]
  const pattern = /<\?xml[^?]*\?>|<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)|(.)/gsu
  for (const [, closes, name, attributes = '', empty, text, stray] of document.matchAll(pattern)) {
    if (stray !== undefined) throw new Error(`not well formed at ${JSON.stringify(stray)}`)
    if (text !== undefined) stack.at(-1)!.children.push(unescape(text))
    else if (closes) {
      if (stack.pop()!.name !== name) throw new Error(`</${name}> closes something else`)
    } else if (name !== undefined) {
      const pairs = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(
        ([, key, value]) => [key!, unescape(value!)] as const,
      )
      if (new Set(pairs.map(([key]) => key)).size !== pairs.length)
        throw new Error(`<${name}> has an attribute twice`)
      const element: Element = { name, attributes: Object.fromEntries(pairs), children: [] }
      stack.at(-1)!.children.push(element)
      if (!empty) stack.push(element)
    }
  }
  if (stack.length !== 1) throw new Error(`<${stack.at(-1)!.name}> is not closed`)
  return elements(root)[0]!
}

function unescape(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.test(text))
    throw new Error(`a stray & in ${text}`)
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replace(
    /&(\w+|#\d+);/g,
    (_, entity: string) => named[entity] ?? String.fromCodePoint(Number(entity.slice(1))),
  )
}
const elements = (element: Element) => element.children.filter((child) => typeof child !== 'string')

const result = (
  id: string,
  outcome: CheckResult['outcome'],
  more: Partial<CheckResult> = {},
): CheckResult => ({
  id,
  title: `Check ${id}`,
  outcome,
  findings: [],
  exhibits: [],
  reproduce: [],
  atMs: 1,
  ...more,
})
const report = (checks: readonly CheckResult[], more: Partial<Report> = {}): Report => ({
  exercise: 'cookies-max-age',
  title: 'T',
  verdict: 'failed',
  checks,
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 620,
  run: '8f31',
  program: 'p',
  notes: [],
  ...more,
})
const suite = (...args: Parameters<typeof report>) => elements(parse(junit([report(...args)])))[0]!

describe('a report as JUnit XML', () => {
  test('has a suite for the exercise and a case for each check', () => {
    const failed = { claim: 'c', expected: 'Max-Age=10', received: 'Max-Age=0', holds: false }
    const { name, attributes, children } = suite([
      result('a', 'passed'),
      result('b', 'failed', {
        findings: [{ ...failed, holds: true }, failed],
        diagnosis: { id: 'x', say: 'Zero seconds.' },
      }),
      result('c', 'failed', { findings: [failed] }),
      result('d', 'skipped', { needs: 'b' }),
      result('e', 'errored', { error: 'no such fact' }),
    ])
    expect([name, attributes]).toEqual([
      'testsuite',
      {
        name: 'cookies-max-age',
        tests: '5',
        failures: '2',
        errors: '1',
        skipped: '1',
        time: '0.62',
        timestamp: '2026-01-01T00:00:00.000Z',
      },
    ])
    const cases = children.filter((child) => typeof child !== 'string')
    expect(
      cases.map((each) => [each.name, each.attributes['classname'], each.attributes['name']]),
    ).toEqual(['a', 'b', 'c', 'd', 'e'].map((id) => ['testcase', 'cookies-max-age', `Check ${id}`]))
    expect(
      cases.map((each) =>
        elements(each).map((child) => [child.name, child.attributes['message'], ...child.children]),
      ),
    ).toEqual([
      [],
      [['failure', 'Zero seconds.', 'expected Max-Age=10\nreceived Max-Age=0']],
      [['failure', 'c', 'expected Max-Age=10\nreceived Max-Age=0']],
      [['skipped', 'needs b']],
      [['error', 'no such fact']],
    ])
  })

  test('of an error of ours has a case that says so', () => {
    const errored = suite([], { error: 'No browser. npm run doctor' })
    expect(errored.attributes).toMatchObject({ tests: '1', errors: '1' })
    expect(
      elements(errored).map((each) => [
        each.attributes['name'],
        elements(each)[0]!.attributes['message'],
      ]),
    ).toEqual([['grading', 'No browser. npm run doctor']])
  })

  test('holds several exercises', () => {
    const document = parse(
      junit([report([result('a', 'passed')]), report([], { exercise: 'other' })]),
    )
    expect([document.name, elements(document).map(({ attributes }) => attributes['name'])]).toEqual(
      ['testsuites', ['cookies-max-age', 'other']],
    )
  })

  test.each<[string, string]>([
    ['markup', `<b class="x">&amp; ]]> 'y'</b>`],
    ['lines', 'one\ntwo'],
    ['what a terminal would act upon', '\x1b[31mred\x07\b'],
    ['what XML cannot carry', '\0\x01\ufffe\uffff\ud800 and \udfff'],
    ['anything else', '漢字 😀 \x85 \u2028'],
  ])('is well formed whatever it has to say: %s', (_, text) => {
    const hostile = result('x', 'failed', {
      title: text,
      findings: [{ claim: text, expected: text, received: text, holds: false }],
      diagnosis: { id: 'x', say: text },
    })
    const document = junit([
      report(
        [
          hostile,
          { ...hostile, outcome: 'errored', error: text },
          { ...hostile, outcome: 'skipped', needs: text },
        ],
        { error: text, exercise: text },
      ),
    ])
    const [shown] = elements(elements(parse(document))[0]!)
    const replaced = text.replace(
      /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu,
      '\ufffd',
    )
    expect([
      shown!.attributes['name'],
      elements(shown!)[0]!.attributes['message'],
      elements(shown!)[0]!.children,
    ]).toEqual([replaced, replaced, [`expected ${replaced}\nreceived ${replaced}`]])
  })
})
