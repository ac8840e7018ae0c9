interface Options {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** With the platform's fetch, a Headers object, and a Set of requests that were sent before. */
export async function follow(address: string, { method = 'GET', headers, body }: Options = {}) {
  const chain: { method: string; url: string; status: number; location: string | null }[] = []
  const seen = new Set<string>()
  const fields = new Headers(headers)
  fields.set('User-Agent', 'monitor/1.0')
  let url = address
  for (let left = 20; ; left -= 1) {
    seen.add(`${method} ${url.split('#')[0]}`)
    const response = await fetch(url, {
      method,
      headers: fields,
      redirect: 'manual',
      body: body ?? null,
    })
    const location = response.headers.get('Location')
    chain.push({ method, url, status: response.status, location })
    const content = await response.text()
    if (location === null || ![301, 302, 303, 307, 308].includes(response.status))
      return { status: response.status, body: content, chain, redirected: chain.length > 1 }
    if (left === 0) throw new RangeError('too many redirects')

    const next = new URL(location, url)
    if (!/^https?:$/.test(next.protocol)) throw new TypeError(`unknown scheme ${next.protocol}`)
    const becomesGet =
      (response.status < 303 && method === 'POST') ||
      (response.status === 303 && method !== 'HEAD' && method !== 'GET')
    if (becomesGet) {
      method = 'GET'
      body = undefined
      const ofContent = [...fields.keys()].filter((name) => name.startsWith('content-'))
      for (const name of ofContent) fields.delete(name)
    }
    if (next.origin !== new URL(url).origin) {
      fields.delete('Authorization')
      fields.delete('Cookie')
    }
    url = next.href
    if (seen.has(`${method} ${url.split('#')[0]}`)) throw new Error(`a circle at ${url}`)
  }
}
