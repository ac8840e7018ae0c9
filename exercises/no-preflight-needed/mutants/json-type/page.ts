// Misconception: JSON has to be labelled as JSON, and a label changes nothing about how a request
// is sent.
const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

await fetch(`${api}/feedback`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ msg }),
})

const answer = await fetch(`${api}/quotes`)
const quotes = (await answer.json()) as string[]
quote.textContent = quotes[0] ?? ''
