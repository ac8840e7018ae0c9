import { UsageError } from '../explain-error.ts'

/**
 * The origin in ROUNDTRIP_ORIGIN, under which a hosted editor, `docker -p` or `ssh -L` forwards the
 * course's port; undefined when it isn't set. Only together with an access code, because the course
 * can then be reached from elsewhere, and it runs programs. @throws UsageError
 */
export function chosenPublicOrigin(environment = process.env): string | undefined {
  const wanted = environment['ROUNDTRIP_ORIGIN']?.trim()
  if (!wanted) return undefined
  const url = URL.canParse(wanted) ? new URL(wanted) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    throw new UsageError(
      `ROUNDTRIP_ORIGIN is ${JSON.stringify(wanted)}, which isn't an origin. Write scheme, name and port only: https://name-4321.example.dev or http://localhost:8080.`,
    )
  }
  if (!environment['ACCESS_CODE']) {
    throw new UsageError(
      'ROUNDTRIP_ORIGIN opens the course to other machines, and the course runs programs. Set ACCESS_CODE, too, to a code that only you know.',
    )
  }
  return url.origin
}
