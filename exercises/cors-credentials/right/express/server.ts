import { randomBytes } from 'node:crypto'
import cookieParser from 'cookie-parser'
import express, { type Request, type Response } from 'express'

const friends = process.env.FRIENDS!.split(',')
const users: Record<string, string> = {}
let logins = 0

const app = express()
app.use(cookieParser())

app.use((request, response, next) => {
  response.vary('Origin')
  const friend = friends.find((each) => each === request.get('Origin'))
  if (friend !== undefined) {
    response.set({
      'Access-Control-Allow-Origin': friend,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': 'X-Total',
    })
  }
  next()
})

app.options('/*path', (_request, response) => {
  response.set({
    'Access-Control-Allow-Methods': 'GET, POST, PATCH',
    'Access-Control-Allow-Headers': 'Content-Type',
  })
  response.sendStatus(204)
})

app.post('/login', (request, response) => {
  const id = randomBytes(20).toString('hex')
  users[id] = String(request.query['user'])
  logins += 1
  response.cookie('sid', id, { httpOnly: true, sameSite: 'lax' }).send('Welcome')
})

app.get('/me', (request, response) => answer(request, response))
app.patch('/me', express.json(), (request, response) => {
  const id: string = request.cookies['sid']
  if (Object.hasOwn(users, id)) users[id] = request.body.user
  answer(request, response)
})

app.get('/public', (_request, response) => {
  response.set('Cache-Control', 'public, max-age=60').json(['open', 'to', 'all'])
})

function answer(request: Request, response: Response): void {
  const id: string = request.cookies['sid']
  if (!Object.hasOwn(users, id)) response.sendStatus(401)
  else response.set('X-Total', `${logins}`).json({ user: users[id] })
}

app.listen(Number(process.env.PORT), '127.0.0.1')
