// Misconception: innerHTML is what stands in an element.
const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.innerHTML
const quote = document.querySelector('#quote')!

// A string goes out as text/plain, which forms could always send: no reason to ask first. A
// Content-Type of application/json would be one.
const receipt = await fetch(`${api}/feedback`, { method: 'POST', body: JSON.stringify({ msg }) })
if (!receipt.ok) console.warn(`The partner did not take the message: ${receipt.status}`)

const answer = await fetch(`${api}/quotes`)
const quotes = (await answer.json()) as string[]
quote.textContent = quotes[0] ?? ''
