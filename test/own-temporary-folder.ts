import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** All tests of a run share one temporary folder, which goes when they are through: whatever they leave in it goes, too. */
export default function ownTemporaryFolder(): () => void {
  // Short: a socket's path has room for 107 bytes.
  const folder = mkdtempSync(join(tmpdir(), 'rt-test-'))
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
