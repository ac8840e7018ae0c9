import express from 'express'

const app = express()
// By default Express takes /TIME and /time/ for /time.
app.enable('case sensitive routing')
app.enable('strict routing')

app.get('/', (_request, response) => {
  response.send(`<h1>${process.env['GREETING']}</h1>`)
})

app.get('/time', (_request, response) => {
  response.type('text').send(new Date().toISOString())
})

app.use((request, response) => {
  response.status(404).type('text').send(`Cannot find ${request.path}`)
})

app.listen(Number(process.env['PORT']), '127.0.0.1')
