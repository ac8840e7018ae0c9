/**
 * True while a process has this number, whoever it belongs to. The system may have given the number
 * of a process that has ended to another one since.
 */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
