// Misconception: text/plain has one byte for each character.
const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

const bytes = Uint8Array.from(JSON.stringify({ msg }), (character) => character.charCodeAt(0))
await fetch(`${api}/feedback`, { method: 'POST', body: bytes })

const answer = await fetch(`${api}/quotes`)
const quotes = (await answer.json()) as string[]
quote.textContent = quotes[0] ?? ''
