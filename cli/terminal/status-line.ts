import { cut } from '../../grader/report/index.ts'

export interface StatusLine {
  show(text: string): void
  clear(): void
}

/**
 * One line on stderr that says what is under way: in place on a terminal, elsewhere each new text
 * once, without its moving numbers.
 */
export function createStatusLine(stream: NodeJS.WriteStream = process.stderr): StatusLine {
  const inPlace = stream.isTTY && process.env['TERM'] !== 'dumb'
  let said = ''
  return {
    show(text) {
      if (inPlace) return void stream.write(`\r\x1b[K${cut(text, (stream.columns || 80) - 1)}`)
      const lasting = text.replace(/: [\d.]+ .*$/, '')
      if (lasting !== said) stream.write(`${lasting}\n`)
      said = lasting
    },
    clear: () => void (inPlace && stream.write('\r\x1b[K')),
  }
}
