import express, { type ErrorRequestHandler } from 'express'

// An object will do as well: what was deleted is no longer `in` it.
const profiles: Record<string, object> = Object.create(null)

const app = express()
app.set('json spaces', 2)

app
  .route('/profiles/:name')
  .get(({ params: { name } }, response) => {
    if (name in profiles) response.json(profiles[name])
    else response.status(404).json({ error: 'no such profile' })
  })
  .put(express.json(), ({ params: { name }, body }, response) => {
    const isNew = !(name in profiles)
    profiles[name] = body
    response.status(isNew ? 201 : 200).json(body)
  })
  .delete(({ params: { name } }, response) => {
    if (!(name in profiles)) return void response.sendStatus(404)
    delete profiles[name]
    response.sendStatus(204)
  })
  .all((request, response) => {
    response.set('Allow', 'DELETE, GET, HEAD, OPTIONS, PUT').sendStatus(405)
  })

const refuse: ErrorRequestHandler = (error, _request, response, _next) => {
  response
    .status(error.status ?? 500)
    .type('text')
    .send(`${error.message}\n`)
}
app.use(refuse)

app.listen(Number(process.env.PORT), '127.0.0.1')
