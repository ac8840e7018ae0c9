import { mkdtempSync, rmSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFixtureCourse } from './sample-course.ts'
import { besideOthers } from '../course/join-courses.ts'
import type { PlaygroundName } from '../course/lessons/playgrounds.ts'
import { loadCourseStrictly } from '../course/load-course.ts'
import { resolvePaths, type Paths } from '../course/paths.ts'
import { openStore, type Store } from '../store/open-store.ts'
import { createApp, type App } from '../server/http/create-app.ts'
import type { OpenInEditor } from '../server/exercises/editor/open-in-editor.ts'
import { scriptedGrade } from './sample-grading.ts'
import { listenOnLoopback } from '../server/http/listen.ts'
import type { PlaygroundTools } from '../server/playground/playground-app.ts'
import type { Grade } from '../server/runs/runs.ts'

export interface FixtureServer {
  readonly url: string
  readonly port: number
  readonly paths: Paths
  readonly store: Store
  readonly app: App
  /** A page as a browser asks for it when its address is typed. */
  get(path: string, headers?: Record<string, string>): Promise<Response>
  /** The body of that page. */
  page(path: string): Promise<string>
  /** A form of a page, sent as a browser sends it; no redirect is followed. */
  submit(
    path: string,
    fields?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Response>
  /** What a script of a page sends. */
  post(path: string, body?: unknown): Promise<Response>
  /**
   * A request with exactly these fields, Host included. A list of names and values allows for
   * repeats.
   */
  send(options: {
    path?: string
    method?: string
    headers?: Record<string, string> | readonly string[]
    body?: string
  }): Promise<Answer>
  token(): Promise<string>
  /** Opens a playground, and gives where its page is. */
  playground(name: PlaygroundName): Promise<string>
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface FixtureOptions {
  readonly grade?: Grade
  readonly accessCode?: string
  readonly publicOrigin?: string
  readonly openInEditor?: OpenInEditor
  readonly look?: PlaygroundTools['look']
  /** Files of the course that differ (see testing/sample-course.ts). */
  readonly files?: Readonly<Record<string, string | null>>
  /** The same for a second course, which is served beside it. */
  readonly otherFiles?: Readonly<Record<string, string | null>>
}

/**
 * For tests: the small course, served on a free port, with a state folder of its own and a grading
 * that can be scripted.
 */
export async function startFixtureServer({
  grade = scriptedGrade().grade,
  accessCode,
  publicOrigin,
  openInEditor,
  look = async () => null,
  files,
  otherFiles,
}: FixtureOptions = {}): Promise<FixtureServer> {
  const root = writeFixtureCourse(files)
  const otherRoot = otherFiles && writeFixtureCourse(otherFiles)
  const others = otherRoot === undefined ? [] : [besideOthers(await loadCourseStrictly(otherRoot))]
  const folder = mkdtempSync(join(tmpdir(), 'roundtrip-server-'))
  const paths = {
    ...resolvePaths({
      ROUNDTRIP_HOME: join(folder, 'state'),
      ROUNDTRIP_WORK: join(folder, 'work'),
    }),
    root,
  }
  const store = openStore(paths.store)
  const app = createApp({
    course: await loadCourseStrictly(root),
    others,
    store,
    paths,
    grade,
    look,
    ...(accessCode !== undefined && { accessCode }),
    ...(publicOrigin !== undefined && { publicOrigin }),
    ...(openInEditor && { openInEditor }),
  })
  const { port, close } = await listenOnLoopback(app, 0)
  const url = `http://localhost:${port}`
  const get: FixtureServer['get'] = (path, headers) =>
    fetch(url + path, { redirect: 'manual', headers: { 'Sec-Fetch-Site': 'none', ...headers } })
  const page = async (path: string) => (await get(path)).text()
  const token = async () => /name="token" content="([^"]+)"/.exec(await page('/'))?.[1] ?? ''
  const post: FixtureServer['post'] = async (path, body = {}) => {
    const headers = {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      Origin: url,
      'X-Roundtrip-Token': await token(),
    }
    return fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  }
  return {
    url,
    port,
    paths,
    store,
    app,
    get,
    page,
    token,
    async submit(path, fields = {}, headers = {}) {
      const body = new URLSearchParams({ token: await token(), ...fields })
      return fetch(url + path, {
        method: 'POST',
        redirect: 'manual',
        body,
        headers: { Accept: 'text/html', Origin: url, ...headers },
      })
    },
    post,
    async playground(name) {
      return ((await (await post(`/playground/${name}`)).json()) as { address: string }).address
    },
    send: (options) => sendExactly(port, options),
    async close() {
      await app.close()
      await close()
      store.close()
      for (const each of [root, folder, ...(otherRoot === undefined ? [] : [otherRoot])])
        rmSync(each, { recursive: true, force: true })
    },
  }
}

function sendExactly(
  port: number,
  { path = '/', method = 'GET', headers = {}, body }: Parameters<FixtureServer['send']>[0],
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method, headers, setHost: false },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        )
      },
    )
    request.on('error', reject).end(body)
  })
}
