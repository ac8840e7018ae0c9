import { scanFences } from './fences.ts'

/**
 * The words of markdown without its marks, for a search: quiz blocks and source tags left out, code
 * and messages kept.
 */
export function plainText(markdown: string): string {
  const { lines, fences } = scanFences(markdown)
  const quizLines = new Set(
    fences
      .filter(({ info }) => /^quiz\b/.test(info))
      .flatMap(({ start, lines: inside }) => inside.map((_, offset) => start + 1 + offset)),
  )
  return lines
    .filter(({ index }) => !quizLines.has(index))
    .map(({ text, fenced }) => (fenced ? withoutFence(text) : withoutMarks(text)))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim()
}

function withoutFence(line: string): string {
  return /^\s*(`{3,}|~{3,})/.test(line) ? '' : line
}

function withoutMarks(line: string): string {
  return line
    .replace(/^\s*>\s?(\[![A-Z]+\])?/, '')
    .replace(/^\s*(#{1,6}|[-*+]|\d+[.)])\s+/, '')
    .replace(/\s*\{#[\w-]+\}\s*$/, '')
    .replace(/^[\s|:-]*-[\s|:-]*$/, '')
    .replace(/\s*\{\{[^{}]*\}\}/g, '')
    .replace(/\[\^[\w-]+\]:?/g, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|~~|`+)/g, '')
    .replace(/(?<![\w*])[*_](?=\S)(.+?)(?<=\S)[*_](?![\w*])/g, '$1')
    .replaceAll('|', ' ')
}
