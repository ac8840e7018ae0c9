import { field, type Exchange, type Kit, type RawRequest } from '#grader'
import type { Put } from './answers.ts'

type Fields = Readonly<Record<string, string>>

/** A client that asks for a text before and after each PUT, so it knows what the PUT has done. */
export interface Editor {
  readonly first: Exchange | null
  /** The current tag, as the last GET gave it. */
  tag(): string
  put(name: string, fields: Fields, content?: string): Promise<Put>
}

export async function editorOf({ send, random }: Kit, path: string): Promise<Editor> {
  const first = await send(path)
  let last = first

  async function put(name: string, fields: Fields, content = drawText(random)): Promise<Put> {
    const before = last
    const exchange = await send(putOf(path, fields, content))
    last = await send(path)
    return { name, content, before, exchange, after: last }
  }
  return { first, tag: () => tagIn(last), put }
}

/** PUTs of different texts whose contents end at the same moment, and what GET gives then. */
export async function putAtOnce(kit: Kit, count: number, path: string, fields: Fields) {
  const { random, send, sendTogether } = kit
  const requests = Array.from({ length: count }, () => putOf(path, fields, drawText(random)))
  return { puts: await sendTogether(requests), after: await send(path) }
}

export function isPut({ request }: Exchange): boolean {
  return request.method === 'PUT'
}

function putOf(path: string, fields: Fields, body: string): RawRequest {
  const headers = Object.entries({ 'Content-Type': 'text/plain', ...fields })
  return { method: 'PUT', path, headers, body }
}

export function tagIn(exchange: Exchange | null): string {
  return field(exchange, 'ETag') ?? '"none"'
}

/** All texts have the same length, so that a length is no tag. */
export function drawText(random: Kit['random']): string {
  return `${random.word()} and ${random.word()}`
}
