import { EventEmitter } from 'node:events'
import type { ReadStream } from 'node:tty'
import { expect, test, vi } from 'vitest'
import { readKeys } from './keys.ts'

function terminal(isTTY = true) {
  const stdin = Object.assign(new EventEmitter(), {
    isTTY,
    setRawMode: vi.fn(),
    resume: vi.fn(),
    pause: vi.fn(),
  })
  const pressed: string[] = []
  const interrupt = vi.fn()
  const keys = readKeys(stdin as unknown as ReadStream, interrupt)
  keys.listen((key) => pressed.push(key))
  return { stdin, keys, pressed, interrupt }
}

test('single keys are told, in small letters', () => {
  const { stdin, keys, pressed } = terminal()
  stdin.emit('data', Buffer.from('h'))
  stdin.emit('data', Buffer.from('Rv'))
  expect([keys.there, pressed]).toEqual([true, ['h', 'r', 'v']])
  expect(stdin.setRawMode).toHaveBeenLastCalledWith(true)
})

test('Ctrl-D, and a terminal that went away mean quit', () => {
  const { stdin, pressed } = terminal()
  stdin.emit('data', Buffer.from('\x04'))
  stdin.emit('end')
  stdin.emit('error', new Error('EIO'))
  expect(pressed).toEqual(['q', 'q', 'q'])
})

test('Ctrl-C is the signal, whatever was pressed before it', () => {
  const { stdin, pressed, interrupt } = terminal()
  stdin.emit('data', Buffer.from('\x03'))
  stdin.emit('data', Buffer.from('h\x03'))
  expect(interrupt).toHaveBeenCalledTimes(2)
  expect(pressed).toEqual(['h'])
})

test('an arrow key is no letter', () => {
  const { stdin, pressed } = terminal()
  stdin.emit('data', Buffer.from('\x1b[A'))
  stdin.emit('data', Buffer.from('\x1bOH'))
  expect(pressed).toEqual([])
})

test('afterwards the terminal is as it was, and a late key reaches nobody', () => {
  const { stdin, keys, pressed } = terminal()
  keys.close()
  stdin.emit('data', Buffer.from('r'))
  expect(pressed).toEqual([])
  expect(stdin.setRawMode).toHaveBeenLastCalledWith(false)
  expect(stdin.pause).toHaveBeenCalled()
})

test('without a terminal there are no keys', () => {
  const { stdin, keys } = terminal(false)
  keys.close()
  expect(keys.there).toBe(false)
  expect(stdin.setRawMode).not.toHaveBeenCalled()
  expect(stdin.listenerCount('data')).toBe(0)
})
