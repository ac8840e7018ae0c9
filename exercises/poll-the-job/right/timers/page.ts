const $ = (selector: string) => document.querySelector<HTMLElement>(selector)!
let job: string | null = null
let ordered = false
let timer = 0

document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element) || !target.closest('#go') || ordered) return
  ordered = true
  fetch('/reports', { method: 'POST', headers: { 'Content-Type': 'application/json' } }).then(
    (response) => {
      job = response.headers.get('Location')
      schedule(response)
    },
  )
})

function schedule({ headers }: Response): void {
  const due = performance.now() + Number(headers.get('Retry-After')) * 1000
  timer = window.setInterval(() => {
    if (performance.now() < due) return
    clearInterval(timer)
    fetch(job!).then(look)
  }, 50)
}

async function look(response: Response): Promise<void> {
  const said = await response.text()
  const type = response.headers.get('Content-Type') ?? ''
  if (response.status === 503) schedule(response)
  else if (type.includes('json')) tell(response, JSON.parse(said))
  else finish('#result', said)
}

function tell(response: Response, { state, percent, reason }: Record<string, string>): void {
  if (state === 'failed') return finish('#error', String(reason))
  $('#status').innerText = `${state}: ${percent} per cent`
  schedule(response)
}

function finish(where: string, text: string): void {
  $(where).innerText = text
  ordered = false
}
