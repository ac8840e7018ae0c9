import { expect, test } from 'vitest'
import { npmRun, startOnPort } from './command-line.ts'

const own = { project: '/course/roundtrip', root: '/course/roundtrip' }
const inside = { ...own, root: '/course/roundtrip/examples/tiny-course' }

test.each([
  [npmRun('grade', ['say-hello'], own), 'npm run grade say-hello'],
  [npmRun('verify', ['say-hello', '--update'], own), 'npm run verify -- say-hello --update'],
  [npmRun('start', [], own), 'npm start'],
  [
    npmRun('grade', ['say-hello'], inside),
    'npm run grade -- say-hello --course examples/tiny-course',
  ],
  [npmRun('progress', [], inside), 'npm run progress -- --course examples/tiny-course'],
  [
    npmRun('start', [], { ...own, root: '/elsewhere/http' }),
    'npm start -- --course /elsewhere/http',
  ],
])('%s', (line, expected) => expect(line).toBe(expected))

test.skipIf(process.platform === 'win32')(
  'a folder with odd characters is one word to a shell',
  () => {
    expect(npmRun('reset', ['x'], { ...own, root: "/elsewhere/Ann's course" })).toBe(
      `npm run reset -- x --course '/elsewhere/Ann'\\''s course'`,
    )
    expect(startOnPort(4322, inside)).toBe('PORT=4322 npm start -- --course examples/tiny-course')
  },
)
