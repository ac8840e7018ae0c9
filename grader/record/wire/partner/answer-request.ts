import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { GraderError } from '../../../types/errors.ts'
import type { Headers } from '../../../types/index.ts'

/**
 * Answers one request. It gets only whole, valid ones: anything else is answered as Node
 * does, with 400 or by waiting in vain.
 */
export type Answer = (request: Asked) => Reply | Promise<Reply>

/** A request as an answer sees it. */
export interface Asked {
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  /** The target without its query. */
  readonly path: string
  readonly headers: Headers
  readonly body: Uint8Array
}

export type Reply =
  | {
      /** 200 when left out. */
      readonly status?: number | undefined
      /** Content-Length and Date are added; a field that is undefined is left out. */
      readonly headers?:
        | Readonly<Record<string, string | readonly string[] | undefined>>
        | undefined
      /**
       * Text is sent as UTF-8. What is iterated over is sent piece by piece while it comes, in
       * chunks (RFC 9112 §7.1) instead of with a length, as fast as the client takes it; when the
       * client leaves, its `finally` runs.
       */
      readonly body?: string | Uint8Array | AsyncIterable<string | Uint8Array> | undefined
      readonly bytes?: undefined
    }
  | {
      /**
       * The bytes of the answer, exactly; text is sent as latin1, a number is a pause in
       * milliseconds.
       */
      readonly bytes: readonly (string | Uint8Array | number)[]
      /** What becomes of the connection then. One that is kept is answered no more. */
      readonly then: 'close' | 'reset' | 'keep'
    }

interface AnswerOptions {
  /** Called with what the answer throws: the author's mistake. The connection is broken off. */
  readonly onThrown: (error: unknown) => void
  /** Answers in its place where it gives undefined, which is a mistake when this is left out. */
  readonly otherwise?: () => void
}

/** Reads a request to its end, and sends what the answer gives. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: Asked) => Reply | undefined | Promise<Reply | undefined>,
  { onThrown, otherwise }: AnswerOptions,
): Promise<void> {
  // One that leaves in the middle of its request is not answered.
  const asked = await readAsked(request).catch(() => null)
  if (asked === null) return void request.socket.resetAndDestroy()
  try {
    const reply = await answer(asked)
    if (!reply && otherwise) return otherwise()
    await sendReply(request.socket, response, reply ?? noReply(asked))
  } catch (error) {
    onThrown(error)
    request.socket.resetAndDestroy()
  }
}

/** The request, once it has come to its end. */
async function readAsked(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const target = request.url ?? '/'
  const headers = request.rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, request.rawHeaders[index + 1] ?? ''] as const] : [],
  )
  return {
    method: request.method ?? 'GET',
    target,
    path: target.split('?', 1)[0]!,
    headers,
    body: Buffer.concat(chunks),
  }
}

function noReply({ method, target }: Asked): never {
  throw new GraderError(
    `An answer gave no reply to ${method} ${target}.`,
    "Return one for every request in checks.ts: { status: 404 } for what isn't known.",
  )
}

async function sendReply(socket: Socket, response: ServerResponse, reply: Reply): Promise<void> {
  if (reply.bytes) return writeBytes(socket, reply)
  const { status = 200, headers = {}, body = '' } = reply
  const given = Object.fromEntries(
    Object.entries(headers).filter(([, value]) => value !== undefined),
  ) as Record<string, string | string[]>
  if (typeof body === 'string' || body instanceof Uint8Array) {
    const bytes = Buffer.from(body as string)
    const length = status === 204 || status === 304 ? {} : { 'Content-Length': bytes.length }
    response.writeHead(status, { ...length, ...given }).end(bytes)
    return
  }
  response.writeHead(status, given)
  // The head goes out although the first piece may take its time.
  response.flushHeaders()
  await pour(body, response)
}

async function pour(
  pieces: AsyncIterable<string | Uint8Array>,
  response: ServerResponse,
): Promise<void> {
  const left = new Promise<void>((resolve) => response.once('close', () => resolve()))
  const iterator = pieces[Symbol.asyncIterator]()
  const gone = Symbol('the client is gone')
  for (;;) {
    // One that waits for something is not waited for when nobody is there any more.
    const next = await Promise.race([iterator.next(), left.then(() => gone)])
    if (typeof next === 'symbol' || response.destroyed) return void (await iterator.return?.())
    if (next.done) break
    if (!response.write(next.value))
      await Promise.race([new Promise((resolve) => response.once('drain', resolve)), left])
  }
  response.end()
}

async function writeBytes(
  socket: Socket,
  { bytes, then }: Extract<Reply, { bytes: unknown }>,
): Promise<void> {
  for (const piece of bytes) {
    if (typeof piece === 'number') await new Promise((resolve) => setTimeout(resolve, piece))
    else socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)
  }
  if (then === 'close') socket.end()
  else if (then === 'reset') socket.resetAndDestroy()
}
