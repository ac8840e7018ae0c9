import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './learner-home.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const guide = read('docs/class.md')
const files = readdirSync(join(root, 'docs/class'))
const all = [guide, ...files.map((file) => read(`docs/class/${file}`))].join('\n')

/** As GitHub names a heading (https://github.com/gjtorikian/html-pipeline, its table of contents). */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .replaceAll(' ', '-')

test('every link of the guide leads somewhere', () => {
  const anchors = [...guide.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => `#${anchorOf(heading!)}`)
  const links = [...guide.matchAll(/\]\(([^)]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !target.startsWith('https://'))
  const lost = links.filter((target) =>
    target.startsWith('#')
      ? !anchors.includes(target)
      : !existsSync(join(root, dirname('docs/class.md'), target)),
  )
  expect(lost).toEqual([])
  expect(links.length).toBeGreaterThan(15)
})

test('every file beside the guide is in it, and what messages refer to', () => {
  expect(files.filter((file) => !guide.includes(`(class/${file})`))).toEqual([])
  expect(read('class/postgres/cluster.ts')).toContain('docs/class.md, "Upgrade"')
  expect(guide).toContain('\n## Upgrade\n')
})

test('every setting that the files name is in the table of the guide', () => {
  const known = [...guide.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name)
  const named = [...all.matchAll(/\b(?:ROUNDTRIP_[A-Z_]+|DATABASE_URL|PORT|TZ)(?==)/g)].map(
    ([name]) => name,
  )
  // A variable of the project's own commands, which no service needs.
  const others = new Set(named).difference(new Set([...known, 'ROUNDTRIP_WORK']))
  expect([...others]).toEqual([])
  expect(known.length).toBeGreaterThan(7)
})

test('a service is ended in order, and is not started again for a wrong setting', () => {
  const services = files.filter((file) => file.endsWith('.service'))
  expect(services).toEqual(['roundtrip-class.service', 'roundtrip-worker.service'])
  for (const service of services) {
    const command = /^roundtrip-(\w+)\.service$/.exec(service)![1]
    expect(read(`docs/class/${service}`).split('\n')).toEqual(
      expect.arrayContaining([
        `ExecStart=/usr/bin/env node bin/roundtrip.mjs ${command}`,
        'RestartPreventExitStatus=2',
        'SuccessExitStatus=143',
        'KillMode=mixed',
        'OOMPolicy=continue',
        ...['MemoryMax', 'TasksMax', 'CPUQuota'].map((name) =>
          expect.stringMatching(new RegExp(`^${name}=`)),
        ),
      ]),
    )
  }
})
