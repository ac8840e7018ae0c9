const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

// TODO: Send the message to the partner's /feedback, then show the first of its /quotes.
console.log(`To send to ${api}: ${msg}`, quote)
