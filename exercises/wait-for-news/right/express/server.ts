import { EventEmitter } from 'node:events'
import express from 'express'

const page = `<!doctype html>
<html lang="en">
<title>News</title>
<link rel="icon" href="data:,">
<h1>News</h1>
<ol id="news"></ol>
<script type="module">
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  let after = 0
  for (;;) {
    const response = await fetch('/news?after=' + after, { cache: 'no-store' }).catch(() => null)
    if (response?.status === 200) {
      const { n, text } = await response.json()
      after = n
      const item = document.createElement('li')
      item.textContent = text
      document.querySelector('#news').append(item)
    } else {
      await pause(100)
    }
  }
</script>
</html>
`

const news: string[] = []
const posted = new EventEmitter().setMaxListeners(0)

const app = express()

app.get('/', (_request, response) => {
  response.send(page)
})

app.post('/news', express.text({ type: () => true }), (request, response) => {
  news.push(request.body)
  posted.emit(String(news.length))
  response.sendStatus(204)
})

app.get('/news', (request, response) => {
  const number = Number(request.query['after']) + 1
  const give = () => {
    stopWaiting()
    response.json({ n: number, text: news[number - 1] })
  }
  const giveUp = () => {
    stopWaiting()
    response.sendStatus(204)
  }
  const stopWaiting = () => {
    clearTimeout(timer)
    posted.off(String(number), give)
  }
  const timer = setTimeout(giveUp, Number(process.env['WAIT_MS']))
  posted.once(String(number), give)
  response.once('close', stopWaiting)
  if (number <= news.length) give()
})

app.listen(Number(process.env['PORT']), '127.0.0.1')
