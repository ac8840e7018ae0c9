import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { json } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'

/** An object of JSON, whose members can have any name. */
class Members {
  readonly #members = new Map<string, unknown>()

  static from(object: object): Members {
    const members = new Members()
    for (const [name, value] of Object.entries(object)) members.#members.set(name, value)
    return members
  }

  /** A new object, with the changes of a patch. */
  patchedWith(patch: Members): Members {
    const patched = new Members()
    for (const [name, value] of this.#members) patched.#members.set(name, value)
    for (const [name, change] of patch.#members)
      if (change === null) patched.#members.delete(name)
      else patched.#members.set(name, patchedWith(patched.#members.get(name), change))
    return patched
  }

  toJSON(): unknown {
    return Object.fromEntries(this.#members)
  }
}

function patchedWith(old: unknown, patch: unknown): unknown {
  if (!(patch instanceof Members)) return patch
  return (old instanceof Members ? old : new Members()).patchedWith(patch)
}

class Refusal extends Error {
  readonly status: number

  constructor(status: number) {
    super()
    this.status = status
  }
}

class Settings {
  readonly #documents = new Map<string, unknown>()

  async answer(request: IncomingMessage): Promise<unknown> {
    const path = request.url ?? ''
    if (request.method === 'PUT') this.#documents.set(path, await this.#read(request))
    if (!this.#documents.has(path)) throw new Refusal(404)
    if (request.method === 'PATCH') {
      const type = request.headers['content-type']?.toLowerCase()
      if (type?.split(';')[0] !== 'application/merge-patch+json') throw new Refusal(415)
      const patch = await this.#read(request)
      this.#documents.set(path, patchedWith(this.#documents.get(path), patch))
    }
    return this.#documents.get(path)
  }

  async #read(request: IncomingMessage): Promise<unknown> {
    const value = await json(request).catch(() => Promise.reject(new Refusal(400)))
    return revive(value)
  }
}

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive)
  if (typeof value !== 'object' || value === null) return value
  const revived = Object.entries(value).map(([name, inner]) => [name, revive(inner)])
  return Members.from(Object.fromEntries(revived))
}

const settings = new Settings()

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('Accept-Patch', 'Application/Merge-Patch+JSON')
  response.setHeader('Allow', ['GET, PUT', 'PATCH, OPTIONS'])
  response.setHeader('Vary', 'Accept-Encoding')
  if (request.method === 'OPTIONS') return void response.writeHead(204).end()
  const content = gzipSync(JSON.stringify(await settings.answer(request)))
  response.writeHead(200, { 'Content-Encoding': 'gzip', 'content-type': 'application/json' })
  // Late, and in two pieces.
  await setTimeout(1)
  response.write(content.subarray(0, 5))
  await setTimeout(1)
  response.end(content.subarray(5))
}

createServer((request, response) => {
  respond(request, response).catch((error: unknown) => {
    response.statusCode = error instanceof Refusal ? error.status : 500
    response.end()
  })
}).listen(Number(process.env.PORT), '127.0.0.1')
