import { spawn } from 'node:child_process'

/**
 * Milliseconds of a whole process, from spawn to exit. @throws Error when it does not end with
 * `expected`.
 */
export function timeProcess(
  command: string,
  args: readonly string[],
  expected = 0,
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...environment },
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === expected) resolve(performance.now() - startedAt)
      else reject(new Error(`${args.join(' ')} ended with ${code}, not ${expected}`))
    })
  })
}

/**
 * Runs two commands in turn, so that a machine whose speed drifts drifts for both; gives the median
 * of each and of the pairwise ratio.
 */
export async function compare(
  rounds: number,
  one: () => Promise<number>,
  other: () => Promise<number>,
): Promise<{ one: number; other: number; ratio: number }> {
  await one()
  await other()
  const pairs: (readonly [number, number])[] = []
  for (let round = 0; round < rounds; round++) pairs.push([await one(), await other()])
  return {
    one: median(pairs.map(([a]) => a)),
    other: median(pairs.map(([, b]) => b)),
    ratio: median(pairs.map(([a, b]) => a / b)),
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
