// A learner's program that tries what none may do. It is told which probes to run and with what, and
// prints what each of them got. Node's own permissions are off here, so that only the box can refuse.
import { fileProbes } from './try-files.ts'
import { limitProbes } from './try-limits.ts'
import { systemProbes } from './try-system.ts'

/** Which probes to run, and what each is given. */
export type Asked = Readonly<Record<string, unknown>>

const probes: Readonly<Record<string, (given: any) => unknown>> = {
  ...fileProbes,
  ...systemProbes,
  ...limitProbes,
}

const got: Record<string, unknown> = {}
for (const [name, given] of Object.entries(JSON.parse(process.argv[2]!) as Asked))
  got[name] = await attempt(() => probes[name]!(given))
process.stdout.write(`${JSON.stringify(got)}\n`, () => process.exit(0))

/** What a probe gives; the error's code where it is refused as a whole. */
async function attempt(action: () => unknown): Promise<unknown> {
  try {
    return await action()
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}
