import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, test, vi } from 'vitest'
import { createLearnerHome, root } from './learner-home.ts'
import { runCommand } from './run-command.ts'

// A grading waits longer on a busy machine; what is slow is not wrong.
vi.setConfig({ testTimeout: 120_000 })

const EXERCISE = 'first-exchange'

/** Networks of their own, each with a shell command that takes its loopback address away. */
const NETWORKS = {
  'IPv6 only': 'ip link set lo up && ip address del 127.0.0.1/8 dev lo',
  'the interface is down': ':',
}

function commandIn(network: keyof typeof NETWORKS): [string, ...string[]] {
  const script = `${NETWORKS[network]} && exec "$0" "$@"`
  return ['unshare', '--map-root-user', '--net', 'sh', '-c', script]
}

const isPossible = (network: keyof typeof NETWORKS) => {
  const [command, ...args] = commandIn(network)
  return process.platform === 'linux' && spawnSync(command, [...args, 'true']).status === 0
}

const AT_ADDRESS = `grade ${EXERCISE} --url http://[::1]:3000`

const COMMANDS: Record<keyof typeof NETWORKS, string[]> = {
  'IPv6 only': [
    'start',
    `serve ${EXERCISE}`,
    `verify ${EXERCISE}`,
    'class',
    `grade ${EXERCISE}`,
    'grade follow-redirects',
    'submit no-preflight-needed',
    AT_ADDRESS,
    'doctor',
  ],
  'the interface is down': ['start', `grade ${EXERCISE}`, AT_ADDRESS, 'doctor'],
}

describe.concurrent.each(Object.keys(NETWORKS) as (keyof typeof NETWORKS)[])('%s', (network) => {
  test.runIf(isPossible(network)).for(COMMANDS[network])(
    '%s: what is missing and the remedy, no verdict and no stack',
    async (line, { expect, onTestFinished }) => {
      const home = await createLearnerHome(onTestFinished)
      const { code, stdout, stderr } = await runCommand(home, line.split(' '), {
        command: [...commandIn(network), process.execPath, join(root, 'bin/roundtrip.mjs')],
      })
      const said = `${stdout}${stderr}`.replace(/\s+/g, ' ')
      expect({ code, said }).toEqual({ code: 3, said: expect.stringMatching(WORDS) })
      expect(said).not.toMatch(/fault of ours|✗ Your|\bat \w+ \(/)
    },
  )
})

const WORDS =
  /This machine has no IPv4 loopback address: 127\.0\.0\.1 cannot be used \(E\w+\)\. .*Turn it on, and run this again: sudo ip link set lo up/
