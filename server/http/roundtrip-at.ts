/** A Roundtrip that serves a course. */
export interface RoundtripThere {
  /** The course's title, fit for a terminal. */
  readonly course: string
  /** Which one it is: the `placeId()` of what it serves (see course/paths.ts). */
  readonly place: unknown
}

/**
 * Gives the Roundtrip that listens on a port of this machine. Undefined when there is none, when it
 * asks for an access code first, and when it does not answer within `timeoutMs`.
 */
export function roundtripAt(port: number, timeoutMs = 1000): Promise<RoundtripThere | undefined> {
  // Imported, the module brings with it all that fetch() needs, which takes longer than the
  // question.
  const { request } = process.getBuiltinModule('node:http')
  return new Promise((resolve) => {
    const asking = request({ host: 'localhost', port, path: '/api/server' }, (response) => {
      let text = ''
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (text += text.length < 10_000 ? chunk : ''))
        .on('error', () => resolve(undefined))
        .on('end', () => resolve(understood(text)))
    })
    const timer = setTimeout(() => asking.destroy(), timeoutMs)
    asking
      .on('error', () => resolve(undefined))
      .on('close', () => {
        clearTimeout(timer)
        resolve(undefined)
      })
      .end()
  })
}

function understood(text: string): RoundtripThere | undefined {
  try {
    const { server, course, place } = JSON.parse(text) as Record<string, unknown>
    if (server !== 'roundtrip') return undefined
    // Another program's words must not steer the terminal.
    const title = String(course).replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')
    return { course: title.length > 40 ? `${title.slice(0, 40)}…` : title, place }
  } catch {
    return undefined
  }
}
