import { field, fields, json, matching, sentField, status, type Exchange } from '#grader'

/** A to-do as the task writes it. */
export interface Todo {
  readonly id: string | number
  readonly text: string
  readonly done: boolean
}

/** A POST to /todos, and what was found where its Location leads. */
export interface Adding {
  /** `POST 1` */
  readonly name: string
  readonly text: string
  readonly exchange: Exchange | null
  /** Where Location leads; undefined without one. */
  readonly leads: Target | undefined
  /** GET on that address; null where it is not one of this server's. */
  readonly shown: Exchange | null
}

/** Where a Location leads, read as a browser reads it (RFC 9110 §10.2.2). */
export interface Target {
  readonly location: string
  /** Path and query, where it is at the server that was asked. */
  readonly path: string | undefined
  /** The path where that is so, else the whole address. */
  readonly inWords: string
}

export const theTodo = (text: string, done: boolean) =>
  matching(`a to-do with an id, ${JSON.stringify({ text, done })}`, (value: unknown) => {
    const todo = asTodo(value)
    return todo?.text === text && todo.done === done
  })

export const listOf = (text: string) =>
  matching(`a list of one, ${JSON.stringify({ text, done: false })}`, (list: unknown) => {
    const [todo, ...others] = Array.isArray(list) ? list.map(asTodo) : []
    return others.length === 0 && todo?.text === text && !todo.done
  })

export const gone = matching('404 or 410', (got: number) => got === 404 || got === 410)

export function isGone(of: Exchange | null): boolean {
  return gone.test(status(of) ?? 0)
}

export function isSuccess(of: Exchange | null): boolean {
  return Math.floor((status(of) ?? 0) / 100) === 2
}

/** The to-do in an answer; undefined when it holds none. */
export function todoIn(of: Exchange | null): Todo | undefined {
  return asTodo(json(of))
}

/** Where the Location of an answer leads from the address that was asked. */
export function targetOf(asked: Exchange | null): Target | undefined {
  const location = field(asked, 'Location')
  if (location === undefined) return undefined
  const base = `http://${sentField(asked, 'Host')}${asked?.request.target}`
  const url = URL.parse(location, base)
  if (url === null) return { location, path: undefined, inWords: "nowhere: it isn't an address" }
  const path = url.pathname + url.search
  const isHere = url.origin === URL.parse(base)?.origin
  return { location, path: isHere ? path : undefined, inWords: isHere ? path : url.href }
}

/** The address that the to-do in an answer has by its id; undefined when there is no to-do. */
export function addressOf(of: Exchange | null): string | undefined {
  const todo = todoIn(of)
  return todo && `/todos/${encodeURIComponent(todo.id)}`
}

/** The fields in which an answer announces content. */
export function announcedIn(of: Exchange | null): string[] {
  return ['Content-Length', 'Transfer-Encoding'].flatMap((name) =>
    fields(of, name).map((value) => `${name}: ${value}`),
  )
}

/**
 * What followed the head of an answer that has no content. What comes late was taken for the
 * beginning of the next answer on the connection.
 */
export function bytesAfter(head: Exchange | null, next: Exchange | null): Uint8Array {
  const isSame = head !== null && head.connection === next?.connection
  const body = head?.response?.body ?? new Uint8Array()
  return body.length > 0 ? body : (head?.extra ?? (isSame ? next.garbage : null) ?? body)
}

function asTodo(value: unknown): Todo | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { id, text, done } = value as Partial<Todo>
  const hasId = typeof id === 'number' || (typeof id === 'string' && id !== '')
  const isTodo = hasId && typeof text === 'string' && typeof done === 'boolean'
  return isTodo ? { id, text, done } : undefined
}
