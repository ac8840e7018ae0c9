import type { Diagnosis, Evidence, Exchange } from '../types.ts'
import { summary } from './message.ts'

/** What any program can do wrong, whatever the exercise: read from the exchange a claim failed on and from how the program ended. */
export function commonFault(evidence: Evidence, failedOn: Exchange | null): Diagnosis | undefined {
  if (!failedOn) return undefined
  const { exit } = evidence
  const asked = summary(failedOn).replace(/ →.*/, '')
  const unanswered = !failedOn.response?.complete

  if (unanswered && exit) {
    const how = exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`
    return { id: 'crashed', say: `Your program ${how} while the request was under way: ${lastError(evidence.log)}` }
  }
  if (failedOn.garbage) {
    return { id: 'not-http', say: `The first bytes of your answer were \`${firstBytes(failedOn.garbage)}\`; a response begins with a status line such as HTTP/1.1 200 OK.` }
  }
  if (!unanswered) return undefined
  if (failedOn.cut === 'capped') return { id: 'endless-body', say: `The answer to ${asked} went on and on; the recording stopped after 1 MB.` }
  if (failedOn.cut) return { id: 'connection-lost', say: `Your program ended the connection of ${asked} before the answer was complete.` }
  if (failedOn.response) {
    return { id: 'endless-body', say: `The head of the answer to ${asked} came, its content never ended. Is the response ended on every path, and is Content-Length right?` }
  }
  return { id: 'no-answer', say: `${asked} got no answer in the time allowed. Is the response ended on every path?` }
}

function firstBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 40)).toString('latin1').split(/\r?\n/, 1)[0]!
}

function lastError(log: string): string {
  const lines = log.trimEnd().split('\n')
  return lines.findLast((line) => /^\s*(?:\w*Error|Error\b|panic|Traceback)/.test(line))?.trim() ?? lines.at(-1)?.trim() ?? 'it printed nothing'
}
