export interface FoundBrowser {
  readonly executablePath: string
  readonly kind: 'shell' | 'chromium'
  readonly source: string
  readonly env: Record<string, string>
}

/** (first version) */
export async function findBrowser(_options: { stateDir: string; onProgress: (p: { text: string; fraction?: number }) => void; signal?: AbortSignal }): Promise<FoundBrowser> {
  const executablePath = process.env.PUPPETEER_EXECUTABLE_PATH
  if (!executablePath) throw Object.assign(new Error('No browser.'), { remedy: 'Set PUPPETEER_EXECUTABLE_PATH.' })
  return { executablePath, kind: 'shell', source: 'PUPPETEER_EXECUTABLE_PATH', env: {} }
}
