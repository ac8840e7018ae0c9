const { api } = document.body.dataset
const show = (text: string) => document.getElementById('quote')!.replaceChildren(text)

function send(method: string, path: string, content: string | null, then: (answer: any) => void) {
  const request = new XMLHttpRequest()
  request.open(method, `${api}${path}`)
  request.responseType = 'json'
  request.onload = () => then(request.response)
  request.send(content)
}

const message = JSON.stringify({ msg: document.getElementById('msg')!.innerText })
send('POST', '/feedback', message, () =>
  send('GET', '/quotes', null, (quotes: string[]) => show(quotes[0]!)),
)
