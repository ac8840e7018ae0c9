import express, { type Request, type Response, type NextFunction } from 'express'

interface User {
  readonly name: string
  readonly password: string
  readonly role: string
}

// Each user's credentials as they are sent: what is compared is the text, and nothing is decoded.
const users = new Map<string, User>()
for (const user of JSON.parse(process.env.USERS!) as User[])
  users.set(Buffer.from(`${user.name}:${user.password}`).toString('base64'), user)

const app = express()

app.get('/public', (_request, response) => {
  response.send('<p>Open to all.')
})

app.use('/vault', (request: Request, response: Response, next: NextFunction) => {
  const [scheme, token = ''] = (request.get('Authorization') ?? '').split(' ')
  const user = scheme?.toUpperCase() === 'BASIC' ? users.get(token) : undefined
  if (!user) {
    response.set('WWW-Authenticate', 'basic charset=utf-8, REALM="Vault"')
    return response.sendStatus(401)
  }
  response.locals['user'] = user
  next()
})

app.get('/vault/admin', (_request, response, next) => {
  if (response.locals['user'].role === 'admin') return next()
  response.sendStatus(403)
})

app.get(['/vault', '/vault/*below'], (_request, response) => {
  response.json({ name: response.locals['user'].name })
})

app.listen(Number(process.env.PORT), '127.0.0.1')
