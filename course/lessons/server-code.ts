import { scanFences } from '../read/fences.ts'
import { splitTryRequests } from './try-request.ts'

/** A server's code in a lesson: ```` ```js server try="GET /basket; POST /login" ````. */
export interface ServerCode {
  readonly library: 'server' | 'express'
  /**
   * The requests that it and the same with Express answer alike, as they are written; see
   * parseTryRequest().
   */
  readonly requests: readonly string[]
  readonly code: string
  /** Index of the block's opening line within the markdown, from 0. */
  readonly index: number
  /** How many lines of code stand in it. */
  readonly length: number
  /** Nothing but empty lines stands between it and the code block before it. */
  readonly follows: boolean
}

/** The blocks of a lesson that are whole servers, in order. */
export function serverCode(markdown: string): ServerCode[] {
  const { lines, fences } = scanFences(markdown)
  return fences.flatMap(({ info, lines: code, start }): ServerCode[] => {
    const [, library, attributes = ''] = /^(?:js|ts)\s+(server|express)\b(.*)$/.exec(info) ?? []
    if (library === undefined) return []
    const before = lines.slice(0, start).findLast(({ text }) => text.trim() !== '')
    return [
      {
        library: library as ServerCode['library'],
        requests: splitTryRequests(tried(attributes)),
        code: `${code.join('\n')}\n`,
        index: start,
        length: code.length,
        follows: before?.fenced === true,
      },
    ]
  })
}

/** In apostrophes where a request has quotation marks of its own. */
function tried(attributes: string): string {
  const [, quoted, apostrophed] = /\stry=(?:"([^"]*)"|'([^']*)')/.exec(attributes) ?? []
  return quoted ?? apostrophed ?? ''
}

/** Each server with the same in Express, where the lesson has one. */
export function serverPairs(
  markdown: string,
): { readonly server: ServerCode; readonly express: ServerCode }[] {
  const all = serverCode(markdown)
  return all.flatMap((express, position) => {
    const server = all[position - 1]
    return express.library === 'express' && express.follows && server?.library === 'server'
      ? [{ server, express }]
      : []
  })
}
