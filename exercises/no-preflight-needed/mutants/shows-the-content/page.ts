// Misconception: The content of the answer is the quote.
const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

await fetch(`${api}/feedback`, { method: 'POST', body: JSON.stringify({ msg }) })

const answer = await fetch(`${api}/quotes`)
quote.textContent = await answer.text()
