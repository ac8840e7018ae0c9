import express from 'express'

interface Todo {
  id: string
  text: string
}

const todos = new Map<string, Todo>()
const api = express()

// The same permission on every answer, whoever asks: browsers compare it with their page's origin.
api.use((_request, response, next) => {
  response.set('Access-Control-Allow-Origin', process.env.APP_ORIGIN)
  next()
})

api.get('/todos', (_request, response) => {
  response.json([...todos.values()])
})

api
  .route('/todos/:id')
  .options((request, response) => {
    response.set('Allow', 'OPTIONS, PUT, DELETE')
    if (request.get('Origin') !== undefined) {
      response.set('Access-Control-Allow-Methods', 'PUT, DELETE')
      response.set('Access-Control-Allow-Headers', 'Content-Type, X-Client')
      response.set('Access-Control-Max-Age', '600')
    }
    response.status(204).end()
  })
  .put(express.json(), (request, response) => {
    const todo = { id: request.params.id, text: String(request.body.text) }
    todos.set(todo.id, todo)
    response.json(todo)
  })
  .delete((request, response) => {
    todos.delete(request.params.id)
    response.sendStatus(204)
  })

api.listen(Number(process.env.PORT), '127.0.0.1')
