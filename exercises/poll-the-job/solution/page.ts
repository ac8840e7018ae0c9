interface Job {
  state: 'running' | 'failed'
  percent?: number
  reason?: string
}

const go = document.querySelector<HTMLButtonElement>('#go')!
const status = document.querySelector('#status')!
const result = document.querySelector('#result')!
const error = document.querySelector('#error')!

go.addEventListener('click', async () => {
  go.disabled = true
  for (const element of [status, result, error]) element.textContent = ''
  try {
    await makeReport()
  } finally {
    go.disabled = false
  }
})

async function makeReport(): Promise<void> {
  let response = await fetch('/reports', { method: 'POST' })
  const job = new URL(response.headers.get('Location')!, response.url)
  for (;;) {
    await pause(Number(response.headers.get('Retry-After')))
    response = await fetch(job)
    // The 303 was followed already: what came is the report.
    if (response.redirected) {
      result.textContent = await response.text()
      return
    }
    if (response.status === 503) continue
    const { state, percent, reason } = (await response.json()) as Job
    if (state === 'failed') {
      error.textContent = reason ?? 'no reason given'
      return
    }
    status.textContent = `${percent} % done`
  }
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}
