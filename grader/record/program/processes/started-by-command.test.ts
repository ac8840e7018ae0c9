import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startedByCommand } from './started-by-command.ts'

test.skipIf(process.platform !== 'linux')(
  'one that becomes another program all the time runs, at whatever moment it is looked for',
  async () => {
    // Each shell becomes the next, with the same environment.
    const again = 'exec sh -c "$AGAIN"'
    const child = spawn('sh', ['-c', again], {
      env: { PATH: process.env['PATH'], AGAIN: again, STARTED: 'here' },
      detached: true,
    })
    const started = startedByCommand(child.pid!, 'STARTED=here')
    try {
      for (let look = 0; look < 150; look++) expect(await started.isRunning()).toBe(true)
    } finally {
      await started.end()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    }
    expect(await started.isRunning()).toBe(false)
  },
)
