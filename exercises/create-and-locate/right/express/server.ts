import express from 'express'

interface Note {
  readonly id: number
  readonly text: string
  readonly createdAt: string
}

const notes = new Map<number, Note>()
let lastId = 1000

const app = express()
app.set('trust proxy', true)
const router = express.Router()

router
  .route('/')
  .get((_request, response) => void response.json([...notes.values()]))
  .post(express.text({ limit: 1000 }), (request, response) => {
    if (!request.body) return void response.sendStatus(400)
    const id = ++lastId
    const note = { createdAt: new Date().toISOString(), text: String(request.body), id }
    notes.set(id, note)
    // A whole address, with the name by which the client knows this server.
    response.location(`${request.protocol}://${request.get('host')}${request.baseUrl}/${id}`)
    response.status(201).json(note)
  })

router.get('/:id', (request, response) => {
  const note = notes.get(Number(request.params.id))
  if (note) response.json(note)
  else response.status(404).json({ error: 'no such note' })
})

app.use('/notes', router)
app.listen(Number(process.env.PORT), '127.0.0.1')
