const element = (id: string) => document.querySelector<HTMLElement>(`#${id}`)!
const url = (path: string) => new URL(path, document.body.dataset['api'])

// A form could have sent this label, so the browser needs no permission for it.
const report = {
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: new TextEncoder().encode(JSON.stringify({ msg: element('msg').textContent })),
}

Promise.all([fetch(url('/feedback'), report), fetch(url('/quotes'))])
  .then(([, quotes]) => quotes.json())
  .then(([first]: string[]) => element('quote').append(first!))
  .catch(console.error)
