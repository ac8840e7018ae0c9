import { spawn } from 'node:child_process'

export interface ScriptRun {
  /**
   * What was printed, once the process has ended. Rejects with its standard error when it ended
   * with a failure.
   */
  readonly output: Promise<string>
  /** Settles when the script has printed its first bytes. */
  readonly spoke: Promise<void>
  /** Writes a line to the script's standard input, and ends it. */
  tell(): void
}

/**
 * Runs a script in a Node process of its own, for tests of what happens between processes. Its
 * `args` are JSON. Permissions mean nothing to root: `ordinaryUser` runs the script as nobody then,
 * and as oneself otherwise.
 */
export function runScript(
  source: string,
  args: Readonly<Record<string, unknown>>,
  ordinaryUser = false,
): ScriptRun {
  const root = process.getuid?.() === 0
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', `const args = ${JSON.stringify(args)}\n${source}`],
    {
      stdio: 'pipe',
      ...(ordinaryUser && root ? { uid: 65534, gid: 65534 } : {}),
    },
  )
  const printed: Buffer[] = []
  const complained: Buffer[] = []
  const spoke = Promise.withResolvers<void>()
  child.stderr.on('data', (data: Buffer) => void complained.push(data))
  child.stdout.on('data', (data: Buffer) => {
    printed.push(data)
    spoke.resolve()
  })
  const output = new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      spoke.resolve()
      if (code === 0) resolve(Buffer.concat(printed).toString())
      else
        reject(new Error(`The script ended with ${code}.\n${Buffer.concat(complained).toString()}`))
    })
  })
  return { output, spoke: spoke.promise, tell: () => void child.stdin.end('\n') }
}
