import { spawn, type ChildProcess } from 'node:child_process'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pLimit from 'p-limit'
import { compare } from './time-process.ts'

export interface PageRates {
  /**
   * Lesson pages a second of the course ÷ pages a second of a bare Express with compression: the
   * median of pairwise rounds.
   */
  readonly ratio: number
  /** Requests a second. */
  readonly course: number
  readonly bare: number
  /** Of the page, in bytes: as it is, and as the course sends it. */
  readonly bytes: number
  readonly sentBytes: number
}

const LESSON = '/lessons/cookies-and-state'
const CONNECTIONS = 8
const REQUESTS = 1500
const AS_CHROMIUM = 'gzip, deflate, br, zstd'

/**
 * How many lesson pages a second the course serves to a browser, which accepts compressed content,
 * beside a bare Express with compression that sends the same page. Each runs in a process of its own.
 */
export async function measurePages(rounds: number): Promise<PageRates> {
  const course = await serve([])
  try {
    const page = (await read(course, LESSON, 'identity')).toString('utf8')
    const bare = await serve(['bare'], page)
    try {
      const time = (server: Serving, path: string) => async () => {
        const startedAt = performance.now()
        await readMany(server, path)
        return performance.now() - startedAt
      }
      const { one, other, ratio } = await compare(
        rounds,
        time(course, LESSON),
        time(bare, '/lesson'),
      )
      return {
        ratio: 1 / ratio,
        course: (REQUESTS * 1000) / one,
        bare: (REQUESTS * 1000) / other,
        bytes: Buffer.byteLength(page),
        sentBytes: (await read(course, LESSON)).length,
      }
    } finally {
      bare.end()
    }
  } finally {
    course.end()
  }
}

interface Serving {
  readonly port: number
  readonly agent: Agent
  end(): void
}

async function serve(words: readonly string[], input = ''): Promise<Serving> {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(import.meta.dirname, 'page-server.ts'), ...words],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  child.stdin!.end(input)
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', (line) => resolve(Number(line)))
    child.once('exit', () => reject(new Error('A server of the measurement did not start.')))
  })
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  return { port, agent, end: () => (agent.destroy(), void child.kill()) }
}

async function readMany(server: Serving, path: string): Promise<void> {
  const limit = pLimit(CONNECTIONS)
  await limit.map(Array.from({ length: REQUESTS }), () => read(server, path))
}

/** The content as it is on the wire. */
function read({ port, agent }: Serving, path: string, accepts = AS_CHROMIUM): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: '127.0.0.1',
        port,
        path,
        agent,
        headers: { Host: `localhost:${port}`, 'Accept-Encoding': accepts },
      },
      (response) => {
        if (response.statusCode !== 200)
          return reject(new Error(`${path} answered ${response.statusCode}`))
        const chunks: Buffer[] = []
        response
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => resolve(Buffer.concat(chunks)))
      },
    )
    asking.on('error', reject).end()
  })
}
