// Misconception: A field of my own is only information for the partner.
const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

await fetch(`${api}/feedback`, {
  method: 'POST',
  headers: { 'X-Requested-With': 'XMLHttpRequest' },
  body: JSON.stringify({ msg }),
})

const answer = await fetch(`${api}/quotes`)
const quotes = (await answer.json()) as string[]
quote.textContent = quotes[0] ?? ''
