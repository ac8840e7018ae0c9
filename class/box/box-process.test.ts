import { expect, test } from 'vitest'
import { startBox, type BoxEnd } from './box-process.ts'
import { LIMITS } from './limits.ts'

/** Runs a shell script in the place of a box. */
async function run(
  script: string,
  input = '',
): Promise<{ lines: string[]; floods: number; end: BoxEnd }> {
  const lines: string[] = []
  let floods = 0
  const running = startBox({
    line: ['/bin/sh', '-c', script],
    env: { PATH: '/usr/bin:/bin' },
    user: null,
    input,
    onLine: (line) => void lines.push(line),
    onFlood() {
      floods++
      running.kill()
    },
  })
  return { end: await running.over, lines, floods }
}

test('gives lines as they were written, however they were cut', async () => {
  const { lines, floods } = await run(`printf 'one\\ntw'; sleep 0.1; printf 'o\\n\\nfour\\nno end'`)
  expect(lines).toEqual(['one', 'two', '', 'four'])
  expect(floods).toBe(0)
})

test('hands over its input, and nothing of this environment', async () => {
  process.env['CLASS_SECRET'] = 'a secret'
  try {
    const { lines } = await run('cat; env', '{"job":1}\n')
    expect(lines[0]).toBe('{"job":1}')
    expect(lines.join('\n')).not.toContain('a secret')
    expect(lines.filter((line) => !/^(PWD|PATH|OLDPWD|SHLVL|_)=/.test(line))).toEqual(['{"job":1}'])
  } finally {
    delete process.env['CLASS_SECRET']
  }
})

test.each([
  ['one line without an end', `head -c ${2 * LIMITS.lineBytes} /dev/zero | tr '\\0' x`, 0],
  [
    'a line that is too long after one that is not',
    `echo ok; head -c ${LIMITS.lineBytes + 1} /dev/zero | tr '\\0' x; echo; echo late`,
    1,
  ],
  ['short lines without an end', 'yes', undefined],
])('stops reading at a flood: %s', async (_, script, before) => {
  const { lines, floods, end } = await run(`${script}; sleep 60`)
  expect(floods).toBe(1)
  expect(end.code).toBe(null)
  if (before !== undefined) expect(lines.length).toBe(before)
  expect(lines.reduce((sum, line) => sum + line.length, 0)).toBeLessThanOrEqual(LIMITS.outputBytes)
})

test('a line of exactly the length that is allowed is read', async () => {
  const { lines, floods } = await run(`head -c ${LIMITS.lineBytes} /dev/zero | tr '\\0' x; echo`)
  expect([lines.map(({ length }) => length), floods]).toEqual([[LIMITS.lineBytes], 0])
})

test('keeps the end of what it complains of, and reads a flood of that to its end', async () => {
  const { end } = await run(
    `head -c 5000000 /dev/zero | tr '\\0' x >&2; echo 'the last' >&2; exit 7`,
  )
  expect(end).toMatchObject({ code: 7, begun: false })
  expect(end.complaint.length).toBeLessThan(5000)
  expect(end.complaint).toMatch(/xthe last$/)
})

test('says what is wrong with a program that is not there', async () => {
  const running = startBox({
    line: ['/not/there'],
    env: {},
    user: null,
    input: 'x'.repeat(1e6),
    onLine() {},
    onFlood() {},
  })
  expect(await running.over).toMatchObject({
    code: null,
    begun: false,
    complaint: expect.stringContaining('ENOENT'),
  })
})
