class Partner {
  readonly #address: string

  constructor(address: string) {
    this.#address = address
  }

  report(msg: string): Promise<Response> {
    return this.#ask('/feedback', {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'text/plain' },
      body: JSON.stringify({ msg }),
    })
  }

  async *quotes(): AsyncGenerator<string> {
    const answer = await this.#ask('/quotes', { headers: { 'Accept-Language': 'en' } })
    yield* JSON.parse(await answer.text())
  }

  async #ask(path: string, init: RequestInit): Promise<Response> {
    const answer = await fetch(this.#address + path, { credentials: 'omit', ...init })
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
    return answer
  }
}

const partner = new Partner(document.body.dataset['api'] ?? '')
await partner.report(document.querySelector('#msg')?.textContent ?? '')
for await (const quote of partner.quotes()) {
  document.querySelector('#quote')!.innerHTML = ''
  document.querySelector('#quote')!.append(document.createTextNode(quote))
  break
}
