import type { Request, Response } from 'express'
import type { LiveRun, RunEvent, Runs } from './runs.ts'
import { changeFor } from './live-results.ts'
import type { ReadStanding } from './standing.ts'
import type { Site } from '../ui/layout.ts'

/**
 * Answers with a run's events as server-sent events: those of the past first, from `?after=` or
 * Last-Event-ID on, then each as it happens. Every event carries the pieces of the page it changes.
 * Ends with an event `end` when the run is over.
 */
export function streamRun(options: StreamOptions): void {
  const { run, runs, site, readStanding, request, response } = options
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    // no-transform: a compressed stream would sit in the compressor's buffer.
    'Cache-Control': 'no-cache, no-transform',
  })
  response.write('retry: 1000\n\n')
  const heartbeat = setInterval(() => response.write(': still here\n\n'), 15_000)
  // Rendering may wait; the queue keeps the order.
  let queue = Promise.resolve()
  const stop = runs.follow(run, firstWanted(request), (event, number) => {
    queue = queue
      .then(() => send(event, number))
      .catch((error: unknown) => {
        // Closed for good: a page that came back would ask for the same event again and again.
        console.error(
          `Event ${number} of run ${run.id} cannot be shown: ${error instanceof Error ? error.message : String(error)}`,
        )
        end()
      })
  })
  const send = async (event: RunEvent, number: number) => {
    if (response.destroyed || response.writableEnded) return
    const change = await changeFor(event, run, site, readStanding)
    response.write(`id: ${number}\ndata: ${JSON.stringify(change)}\n\n`)
    if (isLast(event)) end()
  }
  const end = () => {
    if (!response.writableEnded) response.end('event: end\ndata: {}\n\n')
  }
  response.on('close', () => {
    clearInterval(heartbeat)
    stop()
  })
  if (run.state === 'over') queue = queue.then(end)
}

interface StreamOptions {
  readonly run: LiveRun
  readonly runs: Runs
  readonly site: Site
  readonly readStanding: ReadStanding
  readonly request: Request
  readonly response: Response
}

function firstWanted(request: Request): number {
  const seen = request.get('Last-Event-ID')
  const from = seen === undefined ? Number(request.query['after'] ?? 0) : Number(seen) + 1
  return Number.isInteger(from) && from >= 0 ? from : 0
}

function isLast({ type }: RunEvent): boolean {
  return type === 'kept' || type === 'cancelled' || type === 'broken'
}
