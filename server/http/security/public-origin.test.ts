import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'

describe.each(['https://name-4321.example.dev', 'http://localhost:8080'])(
  'a port that is forwarded as %s',
  (publicOrigin) => {
    const { host } = new URL(publicOrigin)
    let server: FixtureServer
    beforeAll(async () => {
      server = await startFixtureServer({ publicOrigin })
    })
    afterAll(() => server.close())

    test('is answered under that name, and under its own', async () => {
      for (const Host of [host, host.toUpperCase(), `localhost:${server.port}`])
        expect((await server.send({ headers: { Host } })).status).toBe(200)
    })

    test.each([
      `evil.${host}`,
      'name-4321.example.dev.evil.example',
      'name-4321.example.dev:81',
      'example.dev',
    ])('is refused under %s', async (Host) =>
      expect((await server.send({ headers: { Host } })).status).toBe(403),
    )

    test('takes changes from its own pages, and from no other', async () => {
      const token = await server.token()
      const change = async (headers: Record<string, string>) => {
        const fields = { Host: host, 'Content-Type': 'application/x-www-form-urlencoded' }
        const { status } = await server.send({
          method: 'POST',
          path: '/theme',
          headers: { ...fields, ...headers },
          body: new URLSearchParams({ theme: 'dark', token }).toString(),
        })
        return status
      }
      expect(await change({ Origin: publicOrigin })).toBe(303)
      expect(await change({ Origin: `http://localhost:${server.port}` })).toBe(303)
      expect(await change({ Origin: 'https://evil.example' })).toBe(403)
      expect(await change({ Origin: publicOrigin, 'Sec-Fetch-Site': 'cross-site' })).toBe(403)
      expect(await change({})).toBe(403)
      expect(await change({ Referer: `${publicOrigin}/lessons/first-lesson` })).toBe(303)
      expect(await change({ Referer: `${publicOrigin}.evil.example/` })).toBe(403)
    })

    test('names itself where it refuses', async () => {
      const { status, body } = await server.send({ headers: { Host: 'evil.example' } })
      expect([status, body]).toEqual([
        403,
        `This server does not answer under that name.\nRead the course at ${publicOrigin}\n`,
      ])
    })
  },
)
