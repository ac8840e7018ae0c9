import express from 'express'

const app = express()
let items = (process.env.ITEMS ?? '').split(',')

app.get('/', (request, response) => {
  const rows = items.map(
    (name) => `<tr id="${name}"><td>${name}<td>
      <input type="submit" form="delete" formaction="/items/${name}/delete" value="Delete ${name}">`,
  )
  response.send(`<!doctype html><title>Items</title>
    <form id="delete" method="post"></form><table>${rows.join('')}</table>
    <p><a href="/">Look again</a> <a href="/items">As JSON</a>`)
})

app.get('/items', (request, response) => {
  response.json(items)
})

app
  .route('/items/:name/delete')
  .post(({ params }, response) => {
    if (!items.includes(params.name)) return response.status(404).send('There is no such item.')
    items = items.filter((item) => item !== params.name)
    return response.redirect(303, '/')
  })
  .all((request, response) => {
    response.set('Allow', 'POST').sendStatus(405)
  })

app.listen(Number(process.env.PORT), '127.0.0.1')
