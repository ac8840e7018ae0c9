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
  response.setHeader('Content-Type', 'audio/wav')
  response.setHeader('ETag', versionOf(stats))

  // TODO: Answer a request that has a Range with that part of the file.
  response.setHeader('Content-Length', stats.size)
  // A player that jumps leaves in the middle of an answer. Nothing is wrong then.
  pipeline(createReadStream(file), response, () => {})
}

// Given: a text that changes when the file does.
function versionOf({ size, mtimeMs }: Stats): string {
  return `"${size.toString(16)}-${Math.round(mtimeMs).toString(16)}"`
}
