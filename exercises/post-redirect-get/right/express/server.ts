import { randomUUID } from 'node:crypto'
import express from 'express'
import { guestbookPage, thanksPage, type Entry } from './pages.ts'

const app = express()
const entries = new Map<string, Entry & { signedAt: string }>()

app.use(express.urlencoded())

app.get('/', (request, response) => {
  response.send(guestbookPage(entries.values()))
})

app.get('/entries', (request, response) => {
  response.json([...entries.values()])
})

app
  .route('/sign')
  .post(({ body }, response) => {
    const id = randomUUID()
    const { name, message } = body
    entries.set(id, { id, name, message, signedAt: new Date().toISOString() })
    response.redirect(303, `/thanks/${id}`)
  })
  .all((request, response) => {
    response.set('Allow', 'POST, OPTIONS').sendStatus(405)
  })

app.get('/thanks/:id', ({ params }, response) => {
  const entry = entries.get(params.id)
  if (entry) response.send(thanksPage(entry))
  else response.sendStatus(404)
})

app.listen(Number(process.env.PORT), '127.0.0.1')
