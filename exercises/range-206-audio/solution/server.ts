import { createReadStream, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'

const file = process.env.FILE ?? 'song.wav'

// Given: the player.
const page = `<!doctype html>
<meta charset="utf-8">
<title>Player</title>
<audio controls preload="metadata" src="/song.wav"></audio>
`

const server = createServer(async (request, response) => {
  if (request.url === '/') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(page)
  } else if (request.url === '/song.wav') {
    await sendSong(request, response)
  } else {
    response.statusCode = 404
    response.end('Not found\n')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

async function sendSong(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const stats = await stat(file)
  const { size } = stats
  const etag = versionOf(stats)
  response.setHeader('Content-Type', 'audio/wav')
  response.setHeader('ETag', etag)
  response.setHeader('Accept-Ranges', 'bytes')

  const range = rangeIn(request, etag, size)
  if (range && (range.first > range.last || range.first >= size)) {
    response.statusCode = 416
    response.setHeader('Content-Range', `bytes */${size}`)
    response.end()
    return
  }

  const { first, last } = range ?? { first: 0, last: size - 1 }
  if (range) {
    response.statusCode = 206
    response.setHeader('Content-Range', `bytes ${first}-${last}/${size}`)
  }
  response.setHeader('Content-Length', last - first + 1)
  if (request.method === 'HEAD') response.end()
  // A player that jumps leaves in the middle of an answer. Nothing is wrong then.
  else pipeline(createReadStream(file, { start: first, end: last }), response, () => {})
}

// Both ends are included. Null when everything is to be sent.
function rangeIn({ method, headers }: IncomingMessage, etag: string, size: number) {
  const isSameVersion = (headers['if-range'] ?? etag) === etag
  if (method !== 'GET' || !isSameVersion) return null

  const found = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '')
  if (!found || found[0] === 'bytes=-') return null
  const [, from, to] = found
  if (!from) return { first: Math.max(0, size - Number(to)), last: size - 1 }
  return { first: Number(from), last: to ? Math.min(Number(to), size - 1) : size - 1 }
}

// Given: a text that changes when the file does.
function versionOf({ size, mtimeMs }: Stats): string {
  return `"${size.toString(16)}-${Math.round(mtimeMs).toString(16)}"`
}
