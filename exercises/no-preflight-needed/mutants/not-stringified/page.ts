// Misconception: fetch writes an object as JSON by itself.
const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

// A string goes out as text/plain, which forms could always send: no reason to ask first. A
// Content-Type of application/json would be one.
const receipt = await fetch(`${api}/feedback`, {
  method: 'POST',
  body: { msg } as unknown as string,
})
if (!receipt.ok) console.warn(`The partner did not take the message: ${receipt.status}`)

const answer = await fetch(`${api}/quotes`)
const quotes = (await answer.json()) as string[]
quote.textContent = quotes[0] ?? ''
