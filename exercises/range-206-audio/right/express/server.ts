import express from 'express'

const app = express()

app.get('/', (request, response) => {
  response.send('<!doctype html><title>Listen</title><audio src="song.wav" controls></audio>')
})

app.get('/song.wav', (request, response) => {
  response.sendFile(process.env.FILE ?? '')
})

app.listen(Number(process.env.PORT), '127.0.0.1')
