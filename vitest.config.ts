import { globSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const ALL = '{course,store,grader,class,verify,server,cli,test,bench}/**/*.test.ts'

/** What a test names that starts a program or a browser. test/no-processes.ts finds the others. */
const STARTS_PROCESSES =
  /from 'node:child_process'|puppeteer|test-browser|run-command|course-server|run-script|grade-?exercise|written-?exercises|test-database|class-in-tests|class-of-learners|use-own-server|startProgram|startProcessGroup|startBox|run-probes|run-in-box|(examine|prove)-box|(open|warm|launch)Browser/i

/** What starts one without naming it, or takes seconds by itself: many inputs, long waits. */
const NO_UNITS = new Set([
  'cli/doctor/examine-for-class.test.ts',
  'cli/watch/watch-files.test.ts',
  'course/load-course.test.ts',
  'grader/judge/read/strict/linear-time.test.ts',
  'grader/record/browser/install/run-npm.test.ts',
  'grader/record/browser/page/observe-page.test.ts',
  'grader/record/timing/machine-speed.test.ts',
  'grader/record/wire/reader/any-cuts.test.ts',
  'grader/record/wire/tls/http2-client-leaves.test.ts',
  'grader/record/wire/tls/inside-tls-http1.test.ts',
  'grader/record/wire/tls/inside-tls-http2.test.ts',
  'grader/record/wire/tls/inside-tls.test.ts',
  'grader/record/wire/transparency.test.ts',
  'server/exercises/typing/type-service.test.ts',
  'server/http/odd-text.test.ts',
  'server/http/security/guess-limits.test.ts',
  'server/playground/request/request-playground.test.ts',
  'test/import-directions.test.ts',
  'verify/check-types.test.ts',
])

const units = globSync(ALL, { cwd: import.meta.dirname })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !NO_UNITS.has(file))
  .filter((file) => !STARTS_PROCESSES.test(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')))

export default defineConfig({
  test: {
    testTimeout: 120_000,
    // On two processors vitest would take one, though most tests wait for other processes.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // A busy machine is no slow program.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
    // Node loads an exercise's modules itself, as in a grading: their address ends in a version,
    // which vite does not know for TypeScript.
    server: { deps: { external: [/\/(checks|scenarios)\.ts/] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: units,
          setupFiles: ['test/no-processes.ts'],
          // The same few processes for all files: they leave nothing behind in them.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: [ALL],
          exclude: units,
          globalSetup: ['test/end-postgres.ts'],
        },
      },
    ],
  },
})
