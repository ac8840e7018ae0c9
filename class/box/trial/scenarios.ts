import { present, scenario } from '#grader'

export const visit = scenario('Chromium opens the page twice', {
  async record({ newPage }) {
    const page = await newPage()
    const first = await page.open('/')
    const second = await page.open('/again')
    return { first: first.document, second: second.document }
  },
  facts: ({ first, second }) => ({
    first: present(first, 'GET /'),
    second: present(second, 'GET /again'),
  }),
})
