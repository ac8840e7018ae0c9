import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  workers: 1,
  reporter: 'line',
  use: {
    baseURL: 'http://127.0.0.1:46321',
    browserName: 'chromium',
    launchOptions: {
      executablePath: process.env.BENCH_BROWSER,
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
  webServer: {
    command: `"${process.execPath}" ../../exercises/cookies-set-and-return/solution/server.ts`,
    url: 'http://127.0.0.1:46321/whoami',
    env: { PORT: '46321' },
  },
})
