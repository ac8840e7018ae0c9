type Init = { method?: string; headers?: Record<string, string>; body?: string }
type Limits = { tries?: number; base?: number; cap?: number }

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** With the platform's fetch. It calls itself with one try less and twice the base. */
export async function sendWithRetry(
  url: string,
  init?: Init,
  limits?: Limits,
): Promise<{ status: number; body: string; tries: number }> {
  const { tries = 5, base = 100, cap = 2000 } = limits ?? {}
  const again = async (least: number) => {
    await pause(least + Math.random() * Math.min(cap, base))
    return sendWithRetry(url, init, { tries: tries - 1, base: 2 * base, cap })
  }
  const isSafeToRepeat =
    !['POST', 'PATCH'].includes(init?.method ?? 'GET') ||
    new Headers(init?.headers).has('Idempotency-Key')
  let response: Response
  let body: string
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) })
    body = await response.text()
  } catch (error) {
    if (tries <= 1 || !isSafeToRepeat) throw new Error('no answer', { cause: error })
    return again(0)
  }
  const { status, headers } = response
  const may = status === 429 || (isSafeToRepeat && [502, 503, 504].includes(status))
  if (!may || tries <= 1) return { status, body, tries }
  const hint = headers.get('Retry-After') ?? '0'
  // The server's time comes first, and some chance on top of it.
  const seconds = Number(hint)
  return again(Number.isNaN(seconds) ? new Date(hint).getTime() - Date.now() + 5 : seconds * 1000)
}
