/**
 * Settles as `work` does, or rejects with the signal's reason as soon as that is aborted, also when
 * it was aborted before. `work` goes on unseen then: to end it is the caller's part.
 */
export function untilAborted<Value>(
  signal: AbortSignal | undefined,
  work: Promise<Value>,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const release = onAbort(signal, reject)
    work.then(resolve, reject).finally(release)
  })
}

/**
 * Calls `listener` with the reason when the signal is aborted, and at once when it was aborted
 * before: `addEventListener` alone never hears of that. Gives what stops listening.
 */
export function onAbort(
  signal: AbortSignal | undefined,
  listener: (reason: unknown) => void,
): () => void {
  const abort = () => listener(signal!.reason)
  if (signal?.aborted) abort()
  else signal?.addEventListener('abort', abort, { once: true })
  return () => signal?.removeEventListener('abort', abort)
}
