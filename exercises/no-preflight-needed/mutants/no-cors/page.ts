// Misconception: The mode no-cors switches off what is in the way.
const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

await fetch(`${api}/feedback`, {
  method: 'POST',
  mode: 'no-cors',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ msg }),
})

const answer = await fetch(`${api}/quotes`, { mode: 'no-cors' })
const quotes = (await answer.json()) as string[]
quote.textContent = quotes[0] ?? ''
