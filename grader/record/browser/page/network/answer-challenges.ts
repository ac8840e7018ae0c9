import type { CDPSession } from 'puppeteer'

/**
 * Answers a server's challenge (401) with a name and a password, once for each request: one that is
 * refused is shown as the server answered it. Caches stay as they are.
 */
export async function answerChallenges(
  session: CDPSession,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<void> {
  const answered = new Set<string>()
  session.on('Fetch.requestPaused', ({ requestId }) => {
    void session.send('Fetch.continueRequest', { requestId }).catch(() => {})
  })
  session.on('Fetch.authRequired', ({ requestId, authChallenge }) => {
    const isNew = !answered.has(requestId) && authChallenge.source !== 'Proxy'
    answered.add(requestId)
    const authChallengeResponse = isNew
      ? { response: 'ProvideCredentials' as const, username, password }
      : { response: 'CancelAuth' as const }
    void session
      .send('Fetch.continueWithAuth', { requestId, authChallengeResponse })
      .catch(() => {})
  })
  await session.send('Fetch.enable', { handleAuthRequests: true })
}
