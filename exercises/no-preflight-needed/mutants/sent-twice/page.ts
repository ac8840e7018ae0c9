// Misconception: The first try only wakes the partner up; the second one counts.
const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

await fetch(`${api}/feedback`, { method: 'POST', body: JSON.stringify({ msg }) })
await fetch(`${api}/feedback`, { method: 'POST', body: JSON.stringify({ msg }) })

const answer = await fetch(`${api}/quotes`)
const quotes = (await answer.json()) as string[]
quote.textContent = quotes[0] ?? ''
