// Misconception: Only ASCII survives the way, so everything else has to be percent-encoded.
const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

await fetch(`${api}/feedback`, {
  method: 'POST',
  body: JSON.stringify({ msg: encodeURIComponent(msg) }),
})

const answer = await fetch(`${api}/quotes`)
const quotes = (await answer.json()) as string[]
quote.textContent = quotes[0] ?? ''
