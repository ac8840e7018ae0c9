import http from 'node:http'

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

interface Entry {
  method: string
  path: string
  at: number
}
let entries: readonly Entry[] = []

http
  .createServer(function (req, res) {
    const [path = ''] = req.url!.split('?')
    if (path !== '/log') entries = [...entries, { method: req.method!, path, at: Date.now() }]

    switch (path) {
      case '/':
        return send('Text/HTML', page)
      case '/style.css':
        return send('text/css', style)
      case '/app.js':
        return send('application/javascript', script)
      case '/logo.svg':
        return send('image/svg+xml; charset=utf-8', logo)
      case '/log':
        return send('application/json', JSON.stringify(entries, null, 2))
    }
    res.statusCode = 404
    res.end()

    function send(type: string, text: string) {
      res.setHeader('content-type', type)
      // A log that a cache keeps is no log.
      res.setHeader('cache-control', 'no-store')
      res.write(text)
      res.end()
    }
  })
  .listen(Number(process.env['PORT']), '127.0.0.1')
