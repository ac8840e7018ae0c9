import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { Interrupted } from '../explain-error.ts'
import { askCode } from './ask-code.ts'

function terminal(isTTY = true) {
  const modes: boolean[] = []
  let shown = ''
  const input = Object.assign(new PassThrough(), {
    isTTY,
    setRawMode: (mode: boolean) => void modes.push(mode),
  })
  const ask = (signal = new AbortController().signal) =>
    askCode(
      'Your code:',
      signal,
      () => new Interrupted('SIGINT', 'Stopped. Nothing was submitted.'),
      {
        input: input as never,
        prompt: (text) => void (shown += text),
      },
    )
  return { input, modes, ask, shown: () => shown }
}

test.each([
  ['as it is', 'K7QX-9MPD\r', 'K7QX-9MPD'],
  ['with mistakes taken back', 'K7QY\u007fX\b\bQX-9MPD\n', 'K7QX-9MPD'],
  ['begun anew', 'nonsense\u0015K7QX 9MPD\r', 'K7QX 9MPD'],
  ['ended with Ctrl-D', 'K7QX9MPD\u0004', 'K7QX9MPD'],
  ['with spaces around', '  K7QX-9MPD \r', 'K7QX-9MPD'],
])('typed %s, and never shown', async (_, keys, code) => {
  const { input, modes, ask, shown } = terminal()
  const asked = ask()
  for (const key of keys) input.write(key)
  expect(await asked).toBe(code)
  expect(shown()).toBe('Your code: \n')
  expect(modes).toEqual([true, false])
  expect(input.listenerCount('data')).toBe(0)
})

test('from a pipe: its first line, or all of it', async () => {
  const line = terminal(false)
  const asked = line.ask()
  line.input.write('K7QX-9MPD\nmore')
  expect(await asked).toBe('K7QX-9MPD')
  expect(line.modes).toEqual([])
  const whole = terminal(false)
  whole.input.end('K7QX-9MPD')
  expect(await whole.ask()).toBe('K7QX-9MPD')
})

test('nothing typed is told with what to do; the terminal is as before', async () => {
  const { input, modes, ask } = terminal()
  const asked = ask()
  input.write('\r')
  await expect(asked).rejects.toThrow(/It is on your card\. .*ROUNDTRIP_CODE/)
  expect(modes).toEqual([true, false])
})

test('Ctrl-C, and a signal: nothing was submitted, and the terminal is as before', async () => {
  const { input, modes, ask } = terminal()
  const asked = ask()
  input.write('K7QX\u0003')
  await expect(asked).rejects.toThrow('Stopped. Nothing was submitted.')
  const controller = new AbortController()
  const again = ask(controller.signal)
  controller.abort(new Interrupted('SIGTERM'))
  await expect(again).rejects.toBeInstanceOf(Interrupted)
  expect(modes).toEqual([true, false, true, false])
})
