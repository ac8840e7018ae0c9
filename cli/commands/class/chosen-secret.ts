import { classSecret } from '../../../class/serve/class-secret.ts'
import { UsageError } from '../../explain-error.ts'

/** The key of codes: the one in ROUNDTRIP_SECRET, or drawn here once. @throws UsageError */
export function chosenSecret(stateFolder: string): string {
  const secret = classSecret(process.env['ROUNDTRIP_SECRET'], stateFolder)
  if (secret !== null) return secret
  throw new UsageError(
    'ROUNDTRIP_SECRET is shorter than 32 characters. Draw one, and keep it: openssl rand -hex 32',
  )
}
