import { matching, status, type Exchange } from '#grader'

export const showing = (name: string) =>
  matching(`a text with ${name} in it`, (shown: string) => shown.includes(name))

export function isIn(first: number, of: Exchange | null): boolean {
  return Math.floor((status(of) ?? 0) / 100) === first
}
