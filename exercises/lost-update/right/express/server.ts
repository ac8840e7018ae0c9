import express from 'express'
import { editPage } from './edit-page.ts'

interface Version {
  text: string
  etag: string
}

const versions = new Map<string, Version>()
let saves = 0

function store(name: string, text: string): Version {
  // A comma may be part of a tag.
  const version = { text, etag: `"${name}, version ${++saves}"`.replaceAll(' ', '_') }
  versions.set(name, version)
  return version
}

store('menu', process.env.MENU ?? '')

const app = express()
app.set('etag', false)
app.use(express.text({ type: () => true }))

app.get('/edit', (_, response) => {
  response.type('html').send(editPage)
})

app
  .route('/texts/:name')
  .get((request, response) => {
    const version = versions.get(request.params.name)
    if (!version) return void response.sendStatus(404)
    response.set('ETag', version.etag).type('text/plain').send(version.text)
  })
  .put((request, response) => {
    const { name } = request.params
    const version = versions.get(name)
    const ifMatch = request.get('If-Match')
    const ifNoneMatch = request.get('If-None-Match')

    if (ifNoneMatch?.trim() === '*') {
      if (version)
        return void response.set('ETag', version.etag).status(412).json({ error: 'there' })
      const created = store(name, request.body ?? '')
      return void response.status(201).location(request.path).set('ETag', created.etag).end()
    }
    if (ifMatch === undefined) return void response.status(428).json({ error: 'Send If-Match.' })
    if (ifMatch !== '*' && !isListOfTags(ifMatch)) return void response.sendStatus(400)
    if (!version) return void response.sendStatus(412)
    if (ifMatch !== '*' && !listHas(ifMatch, version.etag)) {
      return void response.set('ETag', version.etag).status(412).json({ error: 'changed' })
    }
    const saved = store(name, request.body ?? '')
    response.status(200).set('ETag', saved.etag).type('text').send(saved.text)
  })

const TAG = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"'

function isListOfTags(value: string): boolean {
  return new RegExp(`^\\s*${TAG}(\\s*,\\s*${TAG})*\\s*$`).test(value)
}

function listHas(list: string, etag: string): boolean {
  return [...list.matchAll(new RegExp(TAG, 'g'))].some(([tag]) => tag === etag)
}

app.listen(Number(process.env.PORT), '127.0.0.1')
