import { expect, test } from 'vitest'
import { fieldText } from './field-value.ts'

const bytesOf = (text: string) => Buffer.from(text).toString('latin1')

test.each(['', 'plain', 'a=é', '€ 5', '😀', '\ufffd', '\ufeffa', 'à', '\u00a0', 'Ã©'])(
  'UTF-8 of %j is read as it was written',
  (text) => expect(fieldText(bytesOf(text))).toBe(text),
)

test.each(['\u00e9', 'a\u00e9b', '\u00ff', 'a\u00c3', '\u00c0\u00af', '\u00ed\u00a0\u0080'])(
  'bytes that are not UTF-8 stay a character each: %j',
  (latin1) => expect(fieldText(latin1)).toBe(latin1),
)
