import { randomUUID } from 'node:crypto'
import express from 'express'
import { todoPage } from './todo-page.ts'

interface Todo {
  id: string
  text: string
  done: boolean
  created: string
}

let todos: Todo[] = []

const app = express()
app.use(express.json())

app.get('/', (request, response) => void response.send(todoPage))

app
  .route('/todos')
  .get((request, response) => void response.json(todos))
  .post(({ body: { text } }, response) => {
    const todo = { id: randomUUID(), text, done: false, created: new Date().toISOString() }
    todos.unshift(todo)
    response.location(`/todos/${todo.id}`).sendStatus(201)
  })

app.param('id', (request, response, next, id: string) => {
  response.locals['todo'] = todos.find((todo) => todo.id === id)
  if (response.locals['todo']) next()
  else response.status(404).json({ error: `no to-do ${id}` })
})

app
  .route('/todos/:id')
  .get((request, response) => void response.json(response.locals['todo']))
  .delete((request, response) => {
    todos = todos.filter((todo) => todo !== response.locals['todo'])
    response.sendStatus(204)
  })

app.post('/todos/:id/done', (request, response) => {
  response.locals['todo'].done = true
  // Express takes the content out of a 204, and its length with it.
  response.status(204).json({ ok: true })
})

app.listen(Number(process.env.PORT), '127.0.0.1')
