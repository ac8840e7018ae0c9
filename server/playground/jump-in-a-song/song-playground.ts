import express, { Router, type Request, type Response } from 'express'
import { allowMediaOf } from '../../http/security/security-headers.ts'
import {
  addressesOf,
  jsonFromOwnPage,
  playgroundApp,
  sendPlayground,
  type PlaygroundPlace,
} from '../playground-app.ts'
import { jumpWords, readJump } from './jump-words.ts'
import { songPage } from './song-playground-page.ts'
import { startSongServer, type PlayedSong } from './song-server.ts'

/**
 * The playground of the lesson on 2xx: its page plays a song from a server at another origin, the
 * one other origin the page's policy lets media come from, and shows what that server was asked for
 * and sent.
 */
export async function songPlayground(
  place: PlaygroundPlace,
): Promise<express.Express & { close(): Promise<void> }> {
  const addresses = addressesOf(place)
  const { base } = addresses
  const songs = await startSongServer()
  const find = (request: Request<{ name: string }>, response: Response): PlayedSong | undefined => {
    const found = songs.find(`/${request.params.name}/song.wav`)
    response.set('Cache-Control', 'no-store')
    if (!found) response.status(404).json({ error: 'Load the song once more.' })
    return found
  }

  const own = Router()
  own.get(base, (request, response) => {
    allowMediaOf(response, [songs.url])
    return sendPlayground(request, response, place, songPage)
  })
  own.post(`${base}songs`, jsonFromOwnPage(addresses), ({ body }: Request, response) => {
    if (typeof body?.ranges !== 'boolean')
      return void response
        .status(400)
        .json({ error: 'The server answers Range, or it ignores Range.' })
    const path = songs.open(body.ranges)
    response.json({ address: songs.url + path, name: path.split('/')[1] })
  })
  own.get(`${base}songs/:name`, (request, response) => {
    const found = find(request, response)
    if (found) response.json(found.deliveries)
  })
  own.post(
    `${base}songs/:name/jumps`,
    jsonFromOwnPage(addresses),
    (request: Request<{ name: string }>, response) => {
      const found = find(request, response)
      if (!found) return
      const jump = readJump(request.body)
      if (!jump) return void response.status(400).json({ error: 'That isn’t a jump.' })
      response.json({ words: jumpWords(jump, found) })
    },
  )

  return Object.assign(playgroundApp(place, { own }), { close: () => songs.close() })
}
