import express from 'express'

const app = express()

app.get('/', async (_request, response) => {
  // Begun first: the query runs while the shell is on its way.
  const query = fetch(process.env.QUERY_URL!)
  response.type('html').status(200)
  response.write('<!DOCTYPE html><html lang=en><title>Report</title><body>')
  response.write('<p id=shell>One moment, please.')
  try {
    const answer = await query
    if (answer.status !== 200) throw new Error(answer.statusText)
    response.end(`<p id=data>${await answer.text()}</p></body></html>`)
  } catch (error) {
    console.error(error)
    response.end('<p id=error>Sorry, no report today.</p></body></html>')
  }
})

app.listen(Number(process.env.PORT), '127.0.0.1')
