import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{course,store,grader,verify,server,cli,test,bench}/**/*.test.ts'],
    testTimeout: 120_000,
    // A busy machine is no slow program.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
    // Node loads an exercise's checks itself, as in a grading: their address ends in a version,
    // which vite does not know for TypeScript.
    server: { deps: { external: [/\/checks\.ts/] } },
  },
})
