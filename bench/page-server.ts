// Serves for bench/pages.ts: the course, or with `bare` an Express with compression that sends the
// page which came in by standard input. Prints its port.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import compression from 'compression'
import express from 'express'
import { loadCourseStrictly } from '../course/load-course.ts'
import { resolvePaths } from '../course/paths.ts'
import { startServer } from '../server/index.ts'
import { openStore } from '../store/open-store.ts'

if (process.argv[2] === 'bare') await serveBare(await text(process.stdin))
else await serveCourse()

async function serveBare(page: string): Promise<void> {
  const app = express()
  app.use(compression())
  app.get('/lesson', (_request, response) => void response.type('html').send(page))
  const server = app.listen(0, '127.0.0.1', () =>
    console.log((server.address() as { port: number }).port),
  )
}

async function serveCourse(): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'roundtrip-bench-'))
  process.on('exit', () => rmSync(state, { recursive: true, force: true }))
  process.once('SIGTERM', () => process.exit())
  const paths = { ...resolvePaths({ ROUNDTRIP_HOME: state }), root: resolvePaths({}).root }
  const grade = () => Promise.reject(new Error('Nothing is graded here.'))
  const { port } = await startServer({
    course: await loadCourseStrictly(paths.root),
    store: openStore(paths.store),
    paths,
    grade,
    port: 0,
  })
  console.log(port)
}
