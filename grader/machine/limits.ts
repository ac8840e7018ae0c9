import { readKernelFile } from './proc.ts'

/** So many files a grading and its browser hold open at once. */
export const NEEDED_OPEN_FILES = 128

/** How many files this process may hold open; Infinity where the system does not tell. */
export function openFilesLimit(): number {
  return softLimit(ownLimits(), 'Max open files')
}

/** This process's limits as Linux lists them; empty elsewhere. */
export function ownLimits(): string {
  return readKernelFile('/proc/self/limits')
}

/** The limit of this name in a text of `/proc/<pid>/limits`. */
export function softLimit(limits: string, name: string): number {
  const value = new RegExp(`^${name} +(\\d+|unlimited)`, 'm').exec(limits)?.[1]
  return value === undefined || value === 'unlimited' ? Infinity : Number(value)
}
