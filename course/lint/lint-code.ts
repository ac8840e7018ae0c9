import { scanFences } from '../read/fences.ts'
import { parseSequence } from '../read/wire-blocks.ts'
import { serverCode, serverPairs } from '../lessons/server-code.ts'
import { parseTryRequest } from '../lessons/try-request.ts'
import type { TextMistake } from './text-mistake.ts'

/** What is broken in blocks of server code and in sequences. */
export function codeBlocks(markdown: string): TextMistake[] {
  return [...servers(markdown), ...sequences(markdown)].map((mistake) => ({
    column: 1,
    ...mistake,
  }))
}

type Unplaced = Omit<TextMistake, 'column'>

function servers(markdown: string): Unplaced[] {
  const paired = new Set(serverPairs(markdown).map(({ express }) => express.index))
  return serverCode(markdown).flatMap(({ library, requests, index }) => [
    ...(library === 'server' || paired.has(index)
      ? []
      : [
          {
            index,
            message: 'No server of its own stands before this one with Express.',
            remedy: 'Put it directly after the block ```js server that does the same.',
          },
        ]),
    ...requests
      .filter((request) => parseTryRequest(request) === undefined)
      .map((request) => ({
        index,
        message: `"${request}" is not a request.`,
        remedy:
          'Write a method and a path, with semicolons between: try="GET /basket; POST /notes [Content-Type: text/plain] A lamp".',
      })),
  ])
}

function sequences(markdown: string): Unplaced[] {
  return scanFences(markdown)
    .fences.filter(({ info }) => /^sequence\b/.test(info))
    .filter(({ info, lines }) => parseSequence(lines).length === 0 && !/#\S/.test(info))
    .map(({ start: index }) => ({
      index,
      message: 'This sequence shows nothing.',
      remedy:
        'Write its messages as in an http block, or name recorded ones: ```sequence from=say-hello#GET/hello.',
    }))
}
