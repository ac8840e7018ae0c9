import { afterAll, beforeAll, expect, test } from 'vitest'
import { playgrounds } from '../course/lessons/playgrounds.ts'
import { listeningPorts } from '../grader/record/program/ports/listening-ports.ts'
import { startCourse, type CourseServer } from './course-server.ts'
import { createLearnerHome, type LearnerHome } from './learner-home.ts'

let home: LearnerHome
let course: CourseServer
beforeAll(async () => {
  home = await createLearnerHome()
  course = await startCourse(home)
})
afterAll(async () => {
  await course.stop()
  await home.remove()
})

const ports = () => listeningPorts(course.command.pid)

test('no visit from another site makes the course listen on a port more', async () => {
  const before = await ports()
  expect(new Set(before.map(({ port }) => port))).toEqual(
    new Set([Number(new URL(course.url).port)]),
  )
  const index = await (await fetch(course.url)).text()
  const lessons = new Set([...index.matchAll(/\/lessons\/[a-z0-9-]+/g)].map(([path]) => path))
  expect(lessons.size).toBeGreaterThan(4)
  const doors = Object.keys(playgrounds).map((name) => `/playground/${name}`)
  for (const path of [...lessons, ...doors])
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS'])
      await fetch(course.url + path, {
        method,
        headers: { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://evil.example' },
      })
  expect(await ports()).toEqual(before)

  const door = await (await fetch(course.url + doors[0]!)).text()
  const opened = await fetch(course.url + doors[0]!, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ token: /name="token" value="([^"]+)"/.exec(door)![1]! }),
    headers: { Origin: course.url },
  })
  const port = Number(new URL(opened.headers.get('Location')!).port)
  expect((await ports()).map((each) => each.port)).toContain(port)
})
