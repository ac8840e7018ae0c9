import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { contents, digest } from './contents.ts'

const ours = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** Of a folder of the project, the files that have a part in what is recorded. */
const RECORDS: Record<string, (path: string) => boolean> = {
  // Judging and reporting touch no program.
  grader: (path) => !/^(judge|report)\//.test(path),
  // Of the gate, what it starts.
  verify: (path) => path.startsWith('junk-programs/'),
  // What is read of a program, and what is laid over it.
  course: (path) =>
    /^(given\.ts$|read\/(read-file|strip-types)\.ts$|mutants\/(?!misconceptions\.ts$)|work\/)/.test(
      path,
    ),
}

/** The fingerprint of Roundtrip itself, which every exercise rests on. */
export function projectFingerprint(project = ours): { recorded: string; judged: string } {
  const files = (isWanted: (isRecording: boolean) => boolean) =>
    Object.entries(RECORDS).flatMap(([folder, isRecording]) =>
      contents(
        join(project, folder),
        (path) => !path.endsWith('.test.ts') && isWanted(isRecording(path)),
      ),
    )
  const named = (pattern: string) =>
    globSync(pattern, { cwd: project })
      .toSorted()
      .flatMap((name) => [name, readFileSync(join(project, name))])
  return {
    recorded: digest([...files((isRecording) => isRecording), ...named('package-lock.json')]),
    judged: digest([...files((isRecording) => !isRecording), ...named('tsconfig*.json')]),
  }
}
