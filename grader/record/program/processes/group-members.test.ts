import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createClock } from '../../timing/clock.ts'
import { startProgram } from '../learner-program.ts'
import { groupMembers, groupMembersLately } from './group-members.ts'

const SERVER = `
import { createServer } from 'node:http'
createServer(({ url }, response) => {
  response.end(String(process.pid))
  if (url === '/loop') setImmediate(() => { for (;;); })
}).listen(process.env.PORT, '127.0.0.1')`

// A shell that has more to do than its last command waits for it.
describe.skipIf(process.platform !== 'linux')('a command that a shell waits for', () => {
  test.each(['node s.mjs', 'true && node s.mjs && true'])('%s', async (line) => {
    const dir = mkdtempSync(join(tmpdir(), 'roundtrip-group-'))
    writeFileSync(join(dir, 's.mjs'), SERVER)
    const command = line.replace('node', `"${process.execPath}"`)
    const program = await startProgram(
      { kind: 'command', command, dir },
      { clock: createClock(), signal: new AbortController().signal },
    )
    try {
      const address = `http://127.0.0.1:${program.port}`
      const pid = Number(await (await fetch(address)).text())
      expect(groupMembers(program.leader!())).toContain(pid)
      await expect.poll(() => groupMembersLately(program.leader!())).toContain(pid)
      expect(await program.isBusy()).toBe(false)
      await (await fetch(`${address}/loop`)).text()
      expect(await program.isBusy()).toBe(true)
    } finally {
      await program.end()
      rmSync(dir, { recursive: true })
    }
  })
})
