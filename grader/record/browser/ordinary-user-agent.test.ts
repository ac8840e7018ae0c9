import { describe, expect, it } from 'vitest'
import { describeChrome } from './ordinary-user-agent.ts'

const linux = {
  version: 'HeadlessChrome/153.0.8010.0',
  userAgent:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/153.0.8010.0 Safari/537.36',
  platform: 'linux',
  arch: 'x64',
  release: '6.1.0-40-amd64',
}
const namesOf = (major: number) => {
  const { brands } = describeChrome({
    ...linux,
    version: `Chrome/${major}.0.1.2`,
  }).userAgentMetadata!
  return brands!.map(({ brand, version }) => `${brand} ${version}`)
}

describe('an ordinary Chrome', () => {
  it('gives its major version only, and nothing of a headless one', () => {
    const described = describeChrome(linux)
    expect(described.userAgent).toBe(
      linux.userAgent.replace('HeadlessChrome/153.0.8010.0', 'Chrome/153.0.0.0'),
    )
    expect(JSON.stringify(described)).not.toMatch(/headless/i)
  })

  it('orders its brands as Chromium 153 and 156 were seen to', () => {
    expect(namesOf(153)).toEqual(['Google Chrome 153', 'Not_A Brand 8', 'Chromium 153'])
    expect(namesOf(156)).toEqual(['Not:A-Brand 8', 'Chromium 156', 'Google Chrome 156'])
  })

  it('gives the whole version to those who ask for it', () => {
    const { fullVersionList } = describeChrome(linux).userAgentMetadata!
    expect(fullVersionList).toContainEqual({ brand: 'Chromium', version: '153.0.8010.0' })
    expect(fullVersionList).toContainEqual({ brand: 'Not_A Brand', version: '8.0.0.0' })
  })

  it.each([
    ['linux', 'x64', '6.1.0', { platform: 'Linux', platformVersion: '', architecture: 'x86' }],
    [
      'darwin',
      'arm64',
      '24.6.0',
      { platform: 'macOS', platformVersion: '15.0.0', architecture: 'arm' },
    ],
    [
      'darwin',
      'x64',
      '25.1.0',
      { platform: 'macOS', platformVersion: '26.0.0', architecture: 'x86' },
    ],
  ])('on %s %s %s', (platform, arch, release, expected) => {
    expect(describeChrome({ ...linux, platform, arch, release }).userAgentMetadata).toMatchObject(
      expected,
    )
  })
})
