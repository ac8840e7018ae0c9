// Misconception: A path is enough: the browser knows which server is meant.
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

await fetch('/feedback', { method: 'POST', body: JSON.stringify({ msg }) })

const answer = await fetch('/quotes')
const quotes = (await answer.json()) as string[]
quote.textContent = quotes[0] ?? ''
