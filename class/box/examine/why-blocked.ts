import { existsSync, readFileSync } from 'node:fs'
import { BWRAP } from '../lines.ts'

/** A thing that is wrong with the box of this machine. */
export interface BoxFault {
  /** A sentence or two. */
  readonly says: string
  /** How to fix it. Lines that begin with two spaces are commands. */
  readonly remedy: readonly string[]
}

/** What the system tells of itself. Tests give another one. */
export interface System {
  readonly exists: (path: string) => boolean
  /** Empty for a file that is not there. */
  readonly read: (path: string) => string
}

export const thisSystem: System = {
  exists: existsSync,
  read(path) {
    try {
      return readFileSync(path, 'utf8').trim()
    } catch {
      return ''
    }
  },
}

const PROFILE = '/etc/apparmor.d/roundtrip-bwrap'
const PROFILE_TEXT = `abi <abi/4.0>, profile roundtrip-bwrap ${BWRAP} flags=(unconfined) { userns, }`

/** Why bubblewrap does not start here, by what it wrote and by what the system tells. */
export function whyBlocked(complaint: string, { exists, read }: System = thisSystem): BoxFault {
  // Of a program that broke in there, Node shows the place first.
  const shown = /^\w*Error: .*/m.exec(complaint)?.[0] ?? complaint.split('\n', 1)[0] ?? ''
  if (read('/proc/sys/user/max_user_namespaces') === '0')
    return {
      says: 'User namespaces are turned off on this machine (user.max_user_namespaces is 0).',
      remedy: setting('user.max_user_namespaces', '15000'),
    }
  if (read('/proc/sys/kernel/unprivileged_userns_clone') === '0')
    return {
      says: 'Only root may make user namespaces on this machine (kernel.unprivileged_userns_clone is 0).',
      remedy: setting('kernel.unprivileged_userns_clone', '1'),
    }
  const isDenied = /permission|not permitted|denied|namespace/i.test(complaint)
  const isContainer = exists('/.dockerenv') || exists('/run/.containerenv')
  if (isDenied && isContainer)
    return {
      says: `This is a container, whose engine forbids a box within it. ${shown}`,
      remedy: [
        'Run the worker on a machine of its own, or start the container with:',
        '  docker run --security-opt seccomp=unconfined --security-opt systempaths=unconfined …',
      ],
    }
  if (isDenied && read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1')
    return {
      says: `AppArmor forbids user namespaces to programs without a profile, as Ubuntu does since 24.04. ${shown}`,
      remedy: [
        'Give bubblewrap one:',
        `  echo '${PROFILE_TEXT}' | sudo tee ${PROFILE}`,
        `  sudo apparmor_parser -r ${PROFILE}`,
      ],
    }
  return {
    says: `bubblewrap does not start here. ${shown}`.trim(),
    remedy: [
      'It says more when it is tried by hand:',
      `  ${BWRAP} --unshare-all --ro-bind / / true`,
    ],
  }
}

/** For now, and for after the next start. */
function setting(name: string, value: string): string[] {
  return [
    `  sudo sysctl -w ${name}=${value}`,
    `  echo '${name}=${value}' | sudo tee /etc/sysctl.d/60-roundtrip.conf`,
  ]
}
