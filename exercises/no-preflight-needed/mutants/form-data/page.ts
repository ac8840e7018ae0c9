// Misconception: Data goes to a server as FormData, and the server takes it apart again.
const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

const form = new FormData()
form.append('msg', msg)
await fetch(`${api}/feedback`, { method: 'POST', body: form })

const answer = await fetch(`${api}/quotes`)
const quotes = (await answer.json()) as string[]
quote.textContent = quotes[0] ?? ''
