import { describe, expect, test } from 'vitest'
import type { Diagnosis, Evidence, Exchange, ProgramExit } from '../types/index.ts'
import { crashFault, genericFault, pageFault } from './common-faults.ts'
import { EPOCH, evidence, exchange, type Written } from '../../testing/exchange-builder.ts'

const fault = (written: Written | null, rest: Partial<Evidence> = {}): Diagnosis | undefined =>
  commonFault(evidence({}, rest), written && exchange(written))
const commonFault = (found: Evidence, failedOn: Exchange | null) =>
  crashFault(found, failedOn) ?? genericFault(found, failedOn)
const exit = (at: number, rest: Partial<ProgramExit> = {}): ProgramExit => ({
  code: 1,
  signal: null,
  at: EPOCH + at * 1000,
  ...rest,
})
const log =
  'listening\n/x/server.ts:3\n    throw new TypeError("no")\nTypeError: no\n    at handle (/x/server.ts:3:5)\n\nNode.js v26\n'

describe('an answer that is whole', () => {
  test('has no common fault, whatever became of the program', () => {
    expect(fault({})).toBeUndefined()
    expect(fault({ status: 500 }, { exit: exit(0.5), log })).toBeUndefined()
    expect(fault({}, { remarks: [{ id: 'endless-loop', say: 'x' }] })).toBeUndefined()
  })
})

describe('an answer that the scenario cut off', () => {
  const cut = { kind: 'cut', moment: 'mid-response', how: 'end', at: 0 } as const

  test('is no fault of the program, as long as that has not cut it off as well', () => {
    expect(fault({ complete: false, injected: [cut] })).toBeUndefined()
    expect(fault({ complete: false, injected: [cut], cut: 'reset' })?.id).toBe('connection-lost')
    expect(fault({ complete: false, injected: [{ ...cut, moment: 'before-response' }] })?.id).toBe(
      'endless-body',
    )
  })
})

describe('content that Chromium cannot decode', () => {
  const coded = (coding: string, body = 'plain'): Written => ({
    answers: [['Content-Encoding', coding]],
    body,
  })

  test('is the fault, in words', () => {
    expect(fault(coded('gzip'))).toEqual({
      id: 'content-coding',
      say: "Your answer says Content-Encoding: gzip, but its content isn't gzip.",
    })
  })

  test('differs from content that is not coded, unknown, or missing', () => {
    expect(fault(coded('identity'))).toBeUndefined()
    expect(fault(coded('rot13'))).toBeUndefined()
    expect(fault(coded('br', ''))).toBeUndefined()
  })
})

describe('a program that ended and was started again', () => {
  const crashes = [{ exit: exit(0.1), log, until: EPOCH + 1000 }]

  test('is named where the end explains what is missing', () => {
    const say = 'Your program exited with code 1 while this request was under way: TypeError: no'
    expect(fault({ status: null, cut: 'reset' }, { crashes })).toMatchObject({ id: 'crashed', say })
    expect(fault({ status: null, cut: 'refused', at: 0.5 }, { crashes })?.id).toBe('crashed')
  })

  test('is not blamed for what came after the new start', () => {
    const later = { status: null, cut: 'closed', at: 2 } as const
    expect(fault(later, { crashes })?.id).toBe('connection-lost')
  })
})

describe('a program that ended', () => {
  test.each<[string, Written, ProgramExit, string]>([
    [
      'while it was asked',
      { status: null },
      exit(0.1),
      'Your program exited with code 1 while this request was under way: TypeError: no',
    ],
    [
      'by a signal',
      { status: null, cut: 'reset' },
      exit(0.1, { code: null, signal: 'SIGSEGV' }),
      'Your program was ended by SIGSEGV while this request was under way: TypeError: no',
    ],
    [
      'in the middle of its answer',
      { complete: false, cut: 'closed' },
      exit(0.1),
      'Your program exited with code 1 while this request was under way: TypeError: no',
    ],
    [
      'before it was asked',
      { status: null, cut: 'refused', at: 2 },
      exit(1),
      'Your program exited with code 1 before this request came: TypeError: no',
    ],
  ])('%s', (_, written, ended, say) => {
    expect(fault(written, { exit: ended, log })).toEqual({
      id: 'crashed',
      say,
      crash: 'TypeError: no',
    })
  })

  test('explains a claim that is about no single exchange', () => {
    expect(fault(null, { exit: exit(1), log })).toEqual({
      id: 'crashed',
      say: 'Your program exited with code 1 in the middle: TypeError: no',
      crash: 'TypeError: no',
    })
  })

  test.each<[string, string]>([
    ['', 'it printed nothing'],
    ['\n\n', 'it printed nothing'],
    ['one\ntwo\n', 'two'],
    ['Error: first\nRangeError [X]: second\nend', 'RangeError [X]: second'],
    ['Traceback (most recent call last):\n  File "a.py"\nValueError: 3\n', 'ValueError: 3'],
    ['Traceback (most recent call last):\nbinascii.Error: 3\n', 'binascii.Error: 3'],
    [
      'DOMException [InvalidCharacterError]: no\n    at atob (node:buffer:1:2)\n    at file:///x/work/b.ts:2:1\n\nNode.js v24',
      'DOMException [InvalidCharacterError]: no (b.ts line 2)',
    ],
    ['HttpException: no\nExceptionally late', 'HttpException: no'],
    ['panic: runtime error\n\ngoroutine 1', 'panic: runtime error'],
    [
      'Error [X]: no\n    at write (node:_http:1:2)\n    at f (file:///x/node_modules/express/a.js:5:1)\n    at f (file:///x/work/a b/server.ts:11:14)\n    at file:///x/work/b.ts:2:1\n',
      'Error [X]: no (server.ts line 11)',
    ],
    ['TypeError: no\n    at file:///x/work/b.ts:2:1\n\nNode.js v26', 'TypeError: no (b.ts line 2)'],
    ['file:///x/server.ts:3\nTypeError: no\n    at write (node:_http:1:2)\n', 'TypeError: no'],
  ])('repeats the last error of %j', (printed, said) => {
    const { say, crash } = fault({ status: null }, { exit: exit(0.1), log: printed })!
    expect(say).toBe(`Your program exited with code 1 while this request was under way: ${said}`)
    // What else it printed last does not tell one crash from another.
    expect(crash).toBe(/Error|Exception|panic/.test(said) ? said : undefined)
  })

  test.each([
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    'RangeError: Array buffer allocation failed',
  ])('for want of memory: %s', (printed) => {
    expect(
      fault({ status: null }, { exit: exit(0.1, { code: null, signal: 'SIGABRT' }), log: printed })
        ?.id,
    ).toBe('memory')
  })
})

describe('an answer that is broken', () => {
  test.each<[Written, string]>([
    [
      { garbage: 'not http at all\r\nx' },
      'The first bytes of your answer were `not http at all`; a response begins with a status line such as HTTP/1.1 200 OK.',
    ],
    [
      { garbage: 'x'.repeat(60) },
      `The first bytes of your answer were \`${'x'.repeat(40)}\`; a response begins with a status line such as HTTP/1.1 200 OK.`,
    ],
  ])('is no HTTP', (written, say) => {
    expect(fault(written)).toEqual({ id: 'not-http', say })
  })

  test('has a huge head, even when it is whole', () => {
    expect(
      fault({
        answers: [
          ['X-Small', '1'],
          ['X-Big', 'x'.repeat(100 * 1024)],
        ],
      }),
    ).toEqual({
      id: 'huge-head',
      say: 'The head of your answer has 100 kB; the field X-Big alone has 100 kB. Browsers give up on such a head.',
    })
    expect(fault({ answers: [['X', 'x'.repeat(60_000)]] })).toBeUndefined()
  })

  test.each<[Written, string, string]>([
    [
      { complete: false, cut: 'capped' },
      'endless-body',
      'The answer to GET /a went on and on; the grader cut it off after 0 MB.',
    ],
    [
      { status: null, cut: 'capped' },
      'endless-body',
      'The answer to GET /a began again and again, or its head went on and on; the grader cut it off after 1 MB.',
    ],
    [
      { complete: false, cut: 'closed' },
      'connection-lost',
      'Your program ended the connection of GET /a before the answer was complete.',
    ],
    [
      { status: null, cut: 'reset' },
      'connection-lost',
      'Your program ended the connection of GET /a before the answer was complete.',
    ],
    [
      { status: null, cut: 'refused' },
      'connection-lost',
      'Your program no longer accepted connections when GET /a came.',
    ],
    [
      { complete: false },
      'endless-body',
      'The head of the answer to GET /a came, its content never ended (0 bytes in the time allowed). Is the response ended on every path?',
    ],
    [
      { complete: false, waitedMs: 4000, body: 'salt', answers: [['Content-Length', '5']] },
      'endless-body',
      'The head of the answer to GET /a came, its content never ended (4 bytes in 4 s). Is the response ended on every path, and are there the 5 bytes that Content-Length promises?',
    ],
    [
      { status: null, waitedMs: 3999 },
      'no-answer',
      'GET /a got no answer in 4 s. Is the response ended on every path?',
    ],
    [
      { status: null },
      'no-answer',
      'GET /a got no answer in the time allowed. Is the response ended on every path?',
    ],
  ])('%j', (written, id, say) => {
    expect(fault({ target: '/a', ...written })).toEqual({ id, say })
  })

  test('for a loop that was seen to turn', () => {
    const remarks = [
      { id: 'dialog', say: 'x' },
      { id: 'endless-loop', say: 'A whole processor.' },
    ]
    expect(fault({ status: null }, { remarks })).toEqual(remarks[1])
  })
})

describe('nothing on the wire', () => {
  test.each(['service-worker', 'tab-crashed'])('is explained by what was noticed: %s', (id) => {
    expect(
      fault(null, {
        remarks: [
          { id: 'dialog', say: 'x' },
          { id, say: 'y' },
        ],
      }),
    ).toEqual({ id, say: 'y' })
  })

  test('is otherwise left to the exercise', () => {
    expect(fault(null, { remarks: [{ id: 'dialog', say: 'x' }] })).toBeUndefined()
  })
})

describe('what the page’s script did not do', () => {
  const remarks = ['dialog', 'page-threw', 'script-refused', 'missing-module'].map((id) => ({
    id,
    say: id,
  }))

  test.each([
    [4, 'missing-module'],
    [3, 'script-refused'],
    [2, 'page-threw'],
    [1, undefined],
  ])('of the first %s remarks the one that explains most: %s', (count, id) => {
    expect(pageFault(evidence({}, { remarks: remarks.slice(0, count) }))?.id).toBe(id)
  })
})
