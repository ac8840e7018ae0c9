import { expect, test } from 'vitest'
import { serverCode } from './server-code.ts'

test.each([
  ['GET /', 'try="GET /"'],
  ['PUT / [If-Match: "a"] {"b": 1}', `try='PUT / [If-Match: "a"] {"b": 1}'`],
])('reads the request %s', (request, attribute) => {
  const [server] = serverCode(`\`\`\`js server ${attribute}\nlisten()\n\`\`\``)
  expect(server!.requests).toEqual([request])
})
