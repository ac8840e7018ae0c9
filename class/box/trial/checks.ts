import { check } from '#grader'
import { visit } from './scenarios.ts'

/** What a worker grades before it takes a learner's work: the box does what gradings need. */
const works = check('The page is shown and its cookie comes back', visit, {
  verify: ({ first, second }, expect) => {
    expect(first).toHaveStatus(200).toSetCookie('trial')
    expect(second).toHaveStatus(200).toSendCookie('trial', 'kept')
  },
})

export default { works }
