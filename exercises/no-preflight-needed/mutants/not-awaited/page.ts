// Misconception: json() gives what was in the answer.
const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

await fetch(`${api}/feedback`, { method: 'POST', body: JSON.stringify({ msg }) })

const answer = await fetch(`${api}/quotes`)
const quotes = answer.json() as any
quote.textContent = quotes[0]
