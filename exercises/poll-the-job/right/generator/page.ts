type News = { kind: 'progress'; percent: number } | { kind: 'report' | 'failure'; text: string }

class Job {
  readonly #address: string
  #next: number

  private constructor(address: string, next: number) {
    this.#address = address
    this.#next = next
  }

  static async order(): Promise<Job> {
    const { headers, url } = await fetch(new Request('/reports', { method: 'POST' }))
    return new Job(new URL(headers.get('location')!, url).href, dueAt(headers))
  }

  async *news(): AsyncGenerator<News> {
    for (;;) {
      while (Date.now() < this.#next) await new Promise(requestAnimationFrame)
      const answer = await fetch(this.#address, { cache: 'no-store', credentials: 'omit' })
      this.#next = dueAt(answer.headers)
      if (!answer.ok) continue
      const isText = answer.headers.get('Content-Type')?.startsWith('text/plain')
      if (isText) return yield { kind: 'report', text: await answer.text() }
      const job = await answer.json()
      if (job.state !== 'running') return yield { kind: 'failure', text: job.reason }
      yield { kind: 'progress', percent: job.percent }
    }
  }
}

// A little more than asked for: nobody minds a client that is late.
function dueAt(headers: Headers): number {
  return Date.now() + Number(headers.get('retry-after') ?? 1) * 1000 + 150
}

const show = { progress: '#status', report: '#result', failure: '#error' } as const
let running: Promise<void> | undefined

document.querySelector('#go')!.addEventListener('click', () => {
  running ??= run().finally(() => (running = undefined))
})

async function run(): Promise<void> {
  const job = await Job.order()
  for await (const news of job.news()) {
    const text = news.kind === 'progress' ? `So far ${news.percent} of 100` : news.text
    document.querySelector(show[news.kind])!.replaceChildren(text)
  }
}
