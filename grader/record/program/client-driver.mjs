// Runs a learner's client: imports the file it is given, then calls its exported functions as it is
// told by messages.
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'

const file = process.argv[2]
const exported = await import(pathToFileURL(file).href)

process.on('message', async ({ id, name, args }) => {
  try {
    answer(id, { value: await exported[name](...args) })
  } catch (error) {
    answer(id, { error: inWords(error) })
  }
})
process.send({
  loaded: Object.keys(exported).filter((name) => typeof exported[name] === 'function'),
})

function answer(id, result) {
  try {
    process.send({ id, ...result })
  } catch {
    process.send({
      id,
      error: `it gave ${inLine(result.value)}, which cannot be handed on`,
    })
  }
}

function inWords(error) {
  if (!(error instanceof Error)) return `it threw ${inLine(error)}`
  const line = error.stack
    ?.split('\n')
    .map((frame) => /[(/\\]([^(/\\]+\.[cm]?[jt]s):(\d+):\d+\)?$/.exec(frame))
    .find((place) => place?.[1] === basename(file))
  const code = error.code === undefined ? '' : ` (${error.code})`
  return `${error.name}: ${error.message}${error.message.includes(String(error.code)) ? '' : code}${line ? `, at ${line[1]} line ${line[2]}` : ''}`
}

/** What is longer than a line is called by its class alone: `IncomingMessage`. */
function inLine(value) {
  const [first, ...more] = inspect(value, { depth: 0 }).split('\n')
  return more.length === 0 ? first : first.replace(/\s*[[{(]$/, '') || 'an object'
}
