import cookieParser from 'cookie-parser'
import { randomBytes } from 'node:crypto'
import express, { type CookieOptions } from 'express'

const app = express()
app.use(cookieParser())

const options: CookieOptions = { httpOnly: true, sameSite: 'lax' }
const sessions: Record<string, { user: string } | undefined> = Object.create(null)

app.get('/login', (request, response) => {
  const id = randomBytes(16).toString('hex')
  sessions[id] = { user }
  response.cookie('session', id, options).cookie('theme', 'dark', { sameSite: 'lax' }).send(page)
})

app.get('/me', (request, response) => {
  const session = sessions[request.cookies.session ?? '']
  if (session) response.json(session)
  else response.sendStatus(401)
})

app.post('/logout', (request, response) => {
  delete sessions[request.cookies.session ?? '']
  response.clearCookie('session', options).sendStatus(204)
})

// Given: there are no passwords here, and /login lets everybody in as the same person.
const user = 'ada'

// Given: shows what document.cookie says, with a button for /me and one for /logout.
const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>What a script can see</title>
<link rel="icon" href="data:,">
<h1>What a script can see</h1>
<p>document.cookie says: <code id="cookies"></code></p>
<p>
  <button data-method="GET" data-path="/me">Who am I?</button>
  <button data-method="POST" data-path="/logout">Log out</button>
</p>
<p>The server says: <code id="answer">nothing yet</code></p>
<script>
  const show = () => { document.querySelector('#cookies').textContent = document.cookie || '(nothing)' }
  show()

  for (const button of document.querySelectorAll('button')) {
    button.onclick = async () => {
      const answer = await fetch(button.dataset.path, { method: button.dataset.method })
      document.querySelector('#answer').textContent = answer.status + ' ' + (await answer.text())
      show()
    }
  }
</script>
</html>
`

app.listen(Number(process.env.PORT), '127.0.0.1')
