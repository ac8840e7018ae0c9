import { expect, test } from 'vitest'
import { fixtureCheck, fixtureReport } from '../../testing/sample-grading.ts'
import { reportView } from './report.ts'

test('one crash that failed several checks is told once', async () => {
  const crashed = (id: string, when: string) =>
    fixtureCheck({
      id,
      title: `Check ${id}`,
      diagnosis: {
        id: 'crashed',
        say: `Your program exited with code 1 ${when}: Error: boom`,
        crash: 'Error: boom',
      },
    })
  const checks = [crashed('a', 'in the middle'), crashed('b', 'before this request came')]
  const html = String(await reportView(fixtureReport('8f3100aa', { checks })))
  expect(html.match(/Error: boom/g)).toHaveLength(1)
  expect(html).toContain('Your program had crashed by then, as told above.')
})
