import type { Cookie, Jar } from '../../types/index.ts'

/** The cookie of that name that the jar holds, the first of several; undefined without one. */
export function held(jar: Jar, name: string): Cookie | undefined {
  return jar.cookies.find((cookie) => cookie.name === name)
}
