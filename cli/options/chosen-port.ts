import { UsageError } from '../explain-error.ts'

/**
 * The port in PORT, or `otherwise`; `command` writes the command line that chooses one. @throws
 * UsageError
 */
export function chosenPort(otherwise: number, command: (port: number) => string): number {
  const wanted = process.env['PORT'] || String(otherwise)
  const port = Number(wanted)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new UsageError(
    `PORT is ${JSON.stringify(wanted)}, which isn't a port number. Choose a number up to 65535: ${command(otherwise)}`,
  )
}
