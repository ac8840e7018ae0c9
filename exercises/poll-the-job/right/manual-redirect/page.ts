const go = document.querySelector('#go') as HTMLButtonElement
const put = (id: string, text: string) => (document.querySelector(id)!.textContent = text)
const sleep = (ms: number) => new Promise((resolve) => window.setTimeout(resolve, ms))
const delay = (answer: Response) => sleep(Number(answer.headers.get('Retry-After')) * 1000)

go.addEventListener('click', async (event) => {
  event.preventDefault()
  go.setAttribute('disabled', '')
  const accepted = await fetch('/reports', { method: 'POST', cache: 'no-cache' })
  const job = accepted.headers.get('Location')!
  await delay(accepted)
  let isOver = false
  while (!isOver) {
    const answer = await fetch(job, { redirect: 'manual' })
    if (answer.type === 'opaqueredirect') {
      // A script may not read that answer, so this one asks again to be led to the report.
      put('#result', await (await fetch(job)).text())
      isOver = true
    } else if (answer.status === 200) {
      const body = await answer.json()
      isOver = body.state === 'failed'
      if (isOver) put('#error', body.reason)
      else put('#status', JSON.stringify(body))
    }
    if (!isOver) await delay(answer)
  }
  go.removeAttribute('disabled')
})
