/**
 * What a box may use. Memory over all processes is not among it: only a control group can hold that
 * (MemoryMax of the worker's systemd unit).
 */
export const LIMITS = {
  /** A line of the program inside, in bytes. */
  lineBytes: 1_000_000,
  /** All of its lines together. */
  outputBytes: 16_000_000,
  /** The files of a submission together, and how many. */
  filesBytes: 200_000,
  files: 50,
  /** Evidence with its report, unpacked. */
  unpackedBytes: 64_000_000,

  /** Of `/tmp` around the grader and its browser. */
  graderTmpBytes: 512 * 1024 ** 2,
  /** Of the folder that holds the program's own: what it writes beside itself stays there. */
  workBytes: 64 * 1024 ** 2,
  /** Of `/tmp` of the program. */
  programTmpBytes: 64 * 1024 ** 2,
  /** Of `/` and of `/dev/shm`, which bubblewrap leaves without a limit. */
  restBytes: 16 * 1024 ** 2,

  /** Processes and threads of a box, the browser's and the program's together. */
  boxProcesses: 1024,
  /** Processes and threads of the program; Node alone has eleven. */
  programProcesses: 64,
  /** Private memory of each of its processes. */
  programDataBytes: 2 * 1024 ** 3,
  programOpenFiles: 1024,
} as const

/** How long a grading may take before its box is ended, in milliseconds. */
export function wallLimitMs(gradingSeconds: number): number {
  return (2 * gradingSeconds + 30) * 1000
}
