import type { Judgement } from './judge-request.ts'
import type { NodeAnswer } from './send-to-node.ts'
import { count, type Html } from '../../ui/html.ts'
import { judgedSideBySide, type Judged } from '../judged.ts'

/** What a plain Node server and a strict reader made of the same bytes. */
export function requestVerdicts({
  bytes,
  node,
  strict,
}: {
  bytes: Uint8Array
  node: NodeAnswer
  strict: Judgement
}): Html {
  const [ofNode, ofStrict] = [byNode(node), byReader(bytes, strict)]
  const agree = ofNode.verdict === ofStrict.verdict
  return judgedSideBySide(
    `${count(bytes.length, 'byte')} sent. The two ${agree ? 'agree' : 'disagree'}.`,
    [ofNode, ofStrict],
  )
}

function byNode({ bytes, handled, closed }: NodeAnswer): Judged {
  const who = 'A plain node:http server'
  const answered = bytes.length > 0 && { bytes, label: 'Its answer' }
  const statuses = [
    ...Buffer.from(bytes)
      .toString('latin1')
      .matchAll(/HTTP\/1\.1 (\d{3} [^\r]*)/g),
  ].map(([, status]) => status!)
  const calls = handled
    .map(
      ({ method, target, host }) =>
        `${method} ${target}${host === undefined ? '' : `, Host ${host}`}`,
    )
    .join('; then ')
  if (handled.length > 0 && !answered)
    return {
      who,
      verdict: 'waiting',
      word: 'Waits.',
      say: `It calls your handler (${calls}), and waits for the rest of the content.`,
    }
  // The handler never refuses anything: what does is Node, because of the bytes behind that
  // request.
  const refusal = statuses.find((status) => status.startsWith('4'))
  if (handled.length > 0)
    return {
      who,
      verdict: refusal === undefined ? 'accepted' : 'refused',
      word: 'Calls your handler:',
      say: `${calls}.${refusal === undefined ? '' : ` But it answers what follows with ${refusal}.`}`,
      ...answered,
    }
  if (answered)
    return {
      who,
      verdict: 'refused',
      word: `${statuses[0] ?? 'An answer'}.`,
      say: 'It answers by itself. Your handler is not called.',
      ...answered,
    }
  return closed
    ? { who, verdict: 'refused', word: 'Closes', say: 'the connection without an answer.' }
    : {
        who,
        verdict: 'waiting',
        word: 'Waits.',
        say: 'No answer in a second and a half: more has to come.',
      }
}

function byReader(bytes: Uint8Array, { verdict, say, at }: Judgement): Judged {
  const word = { accepted: 'Accepts it.', refused: '400.', waiting: 'Waits.' }[verdict]
  return {
    who: 'A strict reader',
    verdict,
    word,
    say,
    bytes,
    label: at === undefined ? 'What was sent' : 'What was sent, and where it stops',
    ...(at !== undefined && { at }),
  }
}
