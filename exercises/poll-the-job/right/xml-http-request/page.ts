const byId = (id: string) => document.getElementById(id)!
let isBusy = false

byId('go').onclick = () => {
  if (isBusy) return
  isBusy = true
  const order = new XMLHttpRequest()
  order.open('POST', '/reports')
  order.onload = () => {
    const location = order.getResponseHeader('Location')!
    later(order, new URL(location, document.baseURI).href)
  }
  order.send()
}

function later(answer: XMLHttpRequest, job: string): void {
  const seconds = parseInt(answer.getResponseHeader('retry-after') ?? '5', 10)
  setTimeout(() => ask(job), seconds * 1000)
}

function ask(job: string): void {
  const request = new XMLHttpRequest()
  request.open('GET', job)
  request.setRequestHeader('Accept', 'application/json, text/plain')
  request.onload = () => {
    if (request.status >= 500) return later(request, job)
    if (request.responseURL !== job) return over('result', request.responseText)
    const { state, percent, reason } = JSON.parse(request.responseText)
    if (state === 'failed') return over('error', `The report could not be made: ${reason}.`)
    byId('status').innerHTML = `<progress max="100" value="${percent}"></progress> ${percent}%`
    later(request, job)
  }
  request.send()
}

function over(id: string, text: string): void {
  byId(id).innerText = text
  isBusy = false
}
