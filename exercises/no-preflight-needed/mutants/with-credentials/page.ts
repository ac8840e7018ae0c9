// Misconception: A request to another origin needs credentials: include, or it is not let through.
const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

await fetch(`${api}/feedback`, {
  method: 'POST',
  credentials: 'include',
  body: JSON.stringify({ msg }),
})

const answer = await fetch(`${api}/quotes`, { credentials: 'include' })
const quotes = (await answer.json()) as string[]
quote.textContent = quotes[0] ?? ''
