import express from 'express'

const page = `<!doctype html>
<html lang="en">
<title>loading</title>
<link rel="stylesheet" href="/style.css">
<script type="module" src="/app.js"></script>
<h1>One page, many requests</h1>
<img src="/logo.svg" alt="A blue disc">
</html>
`

const style = `h1 {
  color: rgb(0, 90, 160);
}
`

const script = `document.title = 'ready'
`

const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">
  <circle cx="32" cy="32" r="30" fill="rgb(0, 90, 160)"/>
</svg>
`

const log: { method: string; path: string }[] = []

const app = express()

app.get('/log', (_request, response) => {
  response.json(log)
})
app.use((request, _response, next) => {
  const { method, path } = request
  log.push({ method, path })
  next()
})
app.get('/', (_request, response) => void response.send(page))
app.get('/style.css', (_request, response) => void response.type('css').send(style))
app.get('/app.js', (_request, response) => void response.type('js').send(script))
app.get('/logo.svg', (_request, response) => void response.type('svg').send(logo))

app.listen(Number(process.env['PORT']), '127.0.0.1')
