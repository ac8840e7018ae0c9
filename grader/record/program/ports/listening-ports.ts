/** A socket that accepts TCP connections. */
export interface Listener {
  readonly port: number
  /** As the system writes it: `127.0.0.1`, `0.0.0.0`, `::1`, `::`. */
  readonly address: string
}

export interface PortHolder {
  readonly pid: number
  /** Its command line, or its name where the system tells no more. */
  readonly command: string
}

/**
 * Gives the TCP ports on which a process group listens now, lowest first. `group` is the pid of the
 * process that leads it. Empty when the system does not tell.
 */
export async function listeningPorts(group: number): Promise<Listener[]> {
  const listeners = await (await thisSystem()).listenersOf(group).catch(() => [])
  return listeners.toSorted((a, b) => a.port - b.port)
}

/**
 * True when the process group listens on `port`, false when another does or nobody, null when this
 * system does not tell quickly.
 */
export async function holdsPort(group: number, port: number): Promise<boolean | null> {
  if (process.platform !== 'linux') return null
  const { holds } = await import('./listening-ports-proc.ts')
  return holds(group, port)
}

/**
 * Gives the process that listens on `port`. Null when there is none, or when it is another user's
 * and the system keeps it secret.
 */
export async function portHolder(port: number): Promise<PortHolder | null> {
  return await (await thisSystem()).holderOf(port).catch(() => null)
}

interface System {
  listenersOf(group: number): Promise<Listener[]>
  holderOf(port: number): Promise<PortHolder | null>
}

function thisSystem(): Promise<System> {
  if (process.platform === 'linux') return import('./listening-ports-proc.ts')
  return import('./listening-ports-lsof.ts')
}
