import express from 'express'
import helmet from 'helmet'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

// At most so much in one answer: who wants the rest asks again (RFC 9110 §15.3.7).
const LIMIT = 256 * 1024

const app = express()
app.use(helmet())

app.get('/', (request, response) => {
  response.send('<!doctype html><title>Song</title><audio id="player" src="/song.wav"></audio>')
})

app.get('/song.wav', async (request, response) => {
  const song = await readFile(process.env.FILE ?? '')
  const etag = `"${createHash('sha256').update(song).digest('hex')}"`
  response.set({ 'Content-Type': 'Audio/WAV', 'Accept-Ranges': 'bytes', ETag: etag })

  const condition = request.get('If-Range')
  const isSame = condition === undefined || condition === etag
  const ranges = (isSame ? request.range(song.length) : undefined) ?? -2
  if (ranges === -1) {
    response.set('Content-Range', `bytes */${song.length}`).sendStatus(416)
    return
  }
  const [only, another] = ranges === -2 ? [] : ranges
  if (ranges === -2 || ranges.type !== 'bytes' || !only || another) {
    response.send(song)
    return
  }
  const end = Math.min(only.end, only.start + LIMIT - 1)
  response.status(206).set('Content-Range', `bytes ${only.start}-${end}/${song.length}`)
  response.end(song.subarray(only.start, end + 1))
})

app.listen(Number(process.env.PORT), '127.0.0.1')
