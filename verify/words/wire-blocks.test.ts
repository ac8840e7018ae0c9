import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Lesson } from '../../course/types.ts'
import { exchange } from '../../testing/exchange-builder.ts'
import { wireBlockProblems, wireBlocksFor } from './wire-blocks.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'roundtrip-wire-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const FRONT = '---\nid: a\ntitle: A\n---\n'

function lesson(...block: string[]): Lesson {
  const markdown = `\nWords.\n\n${block.join('\n')}\n\nMore.\n`
  const file = join(dir, '10-a.md')
  writeFileSync(file, FRONT + markdown)
  return { file, markdown } as Lesson
}

const recorded = [
  exchange({
    id: 1,
    target: '/login',
    answers: [
      ['Date', 'Mon, 23 Nov 2026 02:50:57 GMT'],
      ['Content-Type', 'text/html'],
    ],
    sets: ['session=0123456789abcdef; Path=/'],
    body: '<p>one\n<p>two\n',
  }),
  exchange({
    id: 2,
    method: 'POST',
    target: '/news',
    requestBody: 'hello',
    status: 204,
    reason: 'No Content',
  }),
]
const problems = (...block: string[]) =>
  wireBlockProblems('say-hello', [lesson(...block)], recorded, false)

describe('a block that was recorded', () => {
  test.each<[what: string, block: string[]]>([
    [
      'whole',
      [
        '→ ',
        'GET /login HTTP/1.1',
        'Host: 127.0.0.1:9999',
        '',
        '← ',
        'HTTP/1.1 200 OK',
        'Date: Tue, 24 Nov 2026 02:50:57 GMT',
        'Content-Type: text/html',
        'Set-Cookie: session=fedcba9876543210; Path=/',
        '',
        '<p>one',
        '<p>two',
      ],
    ],
    [
      'without its content',
      [
        '← HTTP/1.1 200 OK',
        'Date: Tue, 24 Nov 2026 02:50:57 GMT',
        'Content-Type: text/html',
        'Set-Cookie: session=fedcba9876543210; Path=/',
      ],
    ],
    [
      'with fields left out',
      [
        '→ from you',
        'GET /login HTTP/1.1',
        '…',
        '',
        '← the answer',
        'HTTP/1.1 200 OK',
        '…',
        'Set-Cookie: session=…; Path=/',
        '…',
      ],
    ],
    [
      'with the first digits of a random value',
      ['← HTTP/1.1 200 OK', '…', 'Set-Cookie: session=fe2d…; Path=/', '…'],
    ],
    ['with its line ends', ['POST /news HTTP/1.1␍␊', 'Host: 127.0.0.1:4000␍␊', '␍␊', 'hello']],
    [
      'with its line ends and nothing behind the head',
      ['→ GET /login HTTP/1.1␍␊', 'Host: 127.0.0.1:4000␍␊', '␍␊'],
    ],
    ['as nothing but a start line and what was left out', ['HTTP/1.1 204 No Content', '…']],
  ])('%s is right', (_, block) => {
    expect(problems('```http from=say-hello', ...block, '```')).toEqual([])
  })

  test.each<[what: string, block: string[], start: string]>([
    ['another status', ['← HTTP/1.1 201 Created', '…'], 'HTTP/1.1 201 Created'],
    ['a field that is not there', ['← HTTP/1.1 200 OK', '…', 'ETag: "1"', '…'], 'HTTP/1.1 200 OK'],
    ['a field less', ['← HTTP/1.1 200 OK', 'Content-Type: text/html', '…'], 'HTTP/1.1 200 OK'],
    [
      'fields in another order',
      ['← HTTP/1.1 200 OK', '…', 'Set-Cookie: …', 'Content-Type: text/html'],
      'HTTP/1.1 200 OK',
    ],
    [
      'another attribute',
      ['HTTP/1.1 200 OK', '…', 'Set-Cookie: session=fedcba9876543210; Path=/a', '…'],
      'HTTP/1.1 200 OK',
    ],
    ['other content', ['→ POST /news HTTP/1.1', '…', '', 'bye'], 'POST /news HTTP/1.1'],
    ['an answer as a request', ['→', 'HTTP/1.1 204 No Content'], 'HTTP/1.1 204 No Content'],
  ])('with %s has gone stale', (_, block, start) => {
    expect(problems('```http from=say-hello', ...block, '```')).toEqual([
      expect.stringMatching(
        new RegExp(
          String.raw`10-a\.md:8 shows “${start.replaceAll('.', String.raw`\.`)}” and what follows as no run`,
        ),
      ),
    ])
  })

  test('from another exercise is not this one’s business, nor one that was not recorded', () => {
    expect(
      problems(
        '```http from=say-bye',
        'GET /gone HTTP/1.1',
        '```',
        '',
        '```http',
        'GET /gone HTTP/1.1',
        '```',
      ),
    ).toEqual([])
  })
})

test('a sequence is held to what was recorded, but for its notes', () => {
  const messages = ['→ GET /login HTTP/1.1', '…', '- The jar keeps it.', '← HTTP/1.1 200 OK', '…']
  expect(problems('```sequence from=say-hello', ...messages, '```')).toEqual([])
  expect(problems('```sequence from=say-hello', '→ GET /gone HTTP/1.1', '…', '```')).toHaveLength(1)
})

describe('an empty block', () => {
  test('of a sequence is filled with several exchanges', () => {
    const empty = lesson('```sequence from=say-hello#GET/login,POST/news', '```')
    expect(wireBlockProblems('say-hello', [empty], recorded, true)).toEqual([])
    const starts = readFileSync(empty.file, 'utf8').match(/^(?:GET|POST|HTTP).*$/gm)
    expect(starts).toEqual([
      'GET /login HTTP/1.1',
      'HTTP/1.1 200 OK',
      'POST /news HTTP/1.1',
      'HTTP/1.1 204 No Content',
    ])
  })

  test('says what fills it', () => {
    expect(problems('```http from=say-hello#GET/login', '```')).toEqual([
      expect.stringContaining('is an empty block; --update fills it'),
    ])
  })

  test('is filled, and right then', () => {
    const empty = lesson('```http from=say-hello#GET/login', '```')
    expect(wireBlockProblems('say-hello', [empty], recorded, true)).toEqual([])
    expect(readFileSync(empty.file, 'utf8')).toBe(
      `${FRONT}\nWords.\n\n\`\`\`http from=say-hello#GET/login\n→\nGET /login HTTP/1.1\nHost: 127.0.0.1:4000\n\n←\nHTTP/1.1 200 OK\nDate: Mon, 23 Nov 2026 02:50:57 GMT\nContent-Type: text/html\nSet-Cookie: session=0123456789abcdef; Path=/\n\n<p>one\n<p>two\n\`\`\`\n\nMore.\n`,
    )
  })
})

test('the blocks of an exercise are those that its lessons have now', () => {
  const first = lesson('```http from=say-hello#GET/login', '```')
  expect(wireBlocksFor('say-hello', [first])[0]!.messages).toEqual([])
  lesson('```http from=say-hello#GET/login', '→ ', 'GET /login HTTP/1.1', '```')
  expect(wireBlocksFor('say-hello', [first])[0]!.messages).toHaveLength(1)
})
