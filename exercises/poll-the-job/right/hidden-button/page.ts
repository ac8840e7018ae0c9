// The button makes room for the progress, and comes back when there is none.
const [go, status, result, error] = ['go', 'status', 'result', 'error'].map((id) =>
  document.getElementById(id)!,
) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement]

async function start() {
  go.hidden = true
  result.replaceChildren()
  error.replaceChildren()
  status.append('Your report is ordered. ')
  const accepted = await fetch('reports', { method: 'post', body: '' })
  return ask(new URL(accepted.headers.get('Location')!, location.href), accepted)
}

async function ask(job: URL, last: Response): Promise<void> {
  await new Promise((wake) => setTimeout(wake, +last.headers.get('Retry-After')! * 1e3))
  const response = await fetch(job)
  const text = await response.text()
  if (response.status === 503) return ask(job, response)
  if (new URL(response.url).pathname !== job.pathname) return end(result, text)
  const { state, ...rest } = JSON.parse(text)
  if (state === 'failed') return end(error, `Failed: ${rest.reason}`)
  status.append(`${rest.percent}% … `)
  return ask(job, response)
}

function end(where: HTMLElement, text: string) {
  where.append(text)
  status.replaceChildren('Over.')
  go.hidden = false
}

go.addEventListener('click', start)
