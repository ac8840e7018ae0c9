import { handleLater } from '../handle-rejections.ts'
import { mistake, type Call } from './act-on-page.ts'

/** Runs an action when those before it are done, for a person has two hands but one mouse. */
export type InTurn = (
  name: string,
  selector: string,
  work: (call: Call) => Promise<void>,
) => Promise<void>

/** What a scenario's actions are reported to. */
export interface ActionLog {
  /** Called with an action that has begun; gives what is to be called when it has ended. */
  begin(call: string, at: Error): () => void
  /** Called with an action that the learner's page did not let happen. */
  failed(error: unknown): void
}

/** @throws by its promises: a TypeError for what the author wrote wrongly. */
export function createTurns(log: ActionLog, whyClosed: () => string | null): InTurn {
  let before: Promise<unknown> = Promise.resolve()
  return (name, selector, work) => {
    const at = new Error('called here')
    const call = { name: `page.${name}(${shown(selector)})`, selector, at }
    const end = log.begin(call.name, at)
    const done = before.then(async () => {
      checkText(call, 'the selector', selector)
      const closed = whyClosed()
      if (closed !== null) throw mistake(at, `${call.name}: ${closed}`)
      await work(call)
    })
    const logged = done.catch((error: unknown) => {
      log.failed(error)
      throw error
    })
    before = logged.catch(() => {}).finally(end)
    return handleLater(logged)
  }
}

/** @throws TypeError that names what was given instead of a text. */
export function checkText(call: Call, what: string, value: unknown): void {
  if (typeof value === 'string' && (value !== '' || what === 'the value')) return
  const given = value === '' ? 'empty' : value === null ? 'null' : typeof value
  const remedy = value instanceof Promise ? 'Await it.' : 'Give a text.'
  throw mistake(call.at, `${call.name}: ${what} is ${given}. ${remedy}`)
}

/** @throws TypeError that names an option that is not known, or isn't of its type. */
export function checkOptions(
  call: Pick<Call, 'name' | 'at'>,
  options: object,
  known: Readonly<Record<string, 'number' | 'boolean' | 'object'>>,
): void {
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    const type = known[name]
    if (type === undefined)
      throw mistake(
        call.at,
        `${call.name} knows no option ${name}; it has ${Object.keys(known).join(', ')}.`,
      )
    if (value !== undefined && typeof value !== type)
      throw mistake(call.at, `${call.name}: ${name} is a ${typeof value}. Give a ${type}.`)
  }
}

function shown(selector: unknown): string {
  return typeof selector === 'string' ? `'${selector}'` : String(selector)
}
