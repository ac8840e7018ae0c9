import {
  answer,
  CODES,
  MOST_REDIRECTS,
  others,
  redirect,
  secrets,
  withContent,
  type Case,
  type Drawing,
  type Side,
  type Step,
} from './steps.ts'

/** Every code with every kind of method, then chains in which they meet. */
export function drawCodes(drawing: Drawing): Case[] {
  const { servers } = drawing
  const methods = ['GET', 'POST', 'PUT', 'HEAD']
  const single = methods.flatMap((method) =>
    CODES.map((code) => oneRedirect(drawing, method, code)),
  )
  const [first, second, third, fourth] = [
    drawing.path(),
    drawing.path(),
    drawing.path(),
    drawing.path(),
  ]
  const [one, two, three] = [drawing.path(), drawing.path(), drawing.path()]
  return [
    ...single,
    {
      name: '307, 302, 308 after POST',
      method: 'POST',
      ...withContent(drawing),
      steps: [
        redirect('A', first, 'POST', 307, second),
        redirect('A', second, 'POST', 302, third),
        redirect('A', third, 'GET', 308, fourth),
        answer(drawing, 'A', fourth, 'GET'),
      ],
    },
    {
      name: '308, 307 after POST, to B and back',
      method: 'POST',
      ...withContent(drawing),
      steps: [
        redirect('A', one, 'POST', 308, `${servers.B}${two}`),
        redirect('B', two, 'POST', 307, `${servers.A}${three}`),
        answer(drawing, 'A', three, 'POST'),
      ],
    },
  ]
}

/** Every way to write a Location. */
export function drawAddresses(drawing: Drawing): Case[] {
  const { random, servers, path } = drawing
  const { host: hostOfB } = new URL(servers.B)
  /** A chain of GETs, each of which has the Location that leads to the next. */
  const chain = (name: string, ...stops: readonly (readonly [Side, string, string?])[]): Case => {
    const steps = stops.map(([at, target, location]) =>
      location === undefined
        ? answer(drawing, at, target, 'GET')
        : redirect(at, target, 'GET', random.shuffle(CODES)[0]!, location),
    )
    return { name, method: 'GET', headers: {}, steps: steps as [Step, ...Step[]] }
  }
  const [q, other, sub] = [random.word(), random.token(6), random.word()]
  const [root, query, folder, up, list, full, lax, marked, deep, away] = Array.from(
    { length: 10 },
    path,
  ) as Ten
  const [toRoot, toFull, toLax, toMarked, toAway] = Array.from({ length: 5 }, path) as Five
  return [
    chain('/path', ['A', `${root}/${sub}`, toRoot], ['A', toRoot]),
    chain('/path?query', ['A', query, `${query}/${sub}?q=${q}`], ['A', `${query}/${sub}?q=${q}`]),
    chain('a name alone', ['A', `${folder}/here`, sub], ['A', `${folder}/${sub}`]),
    chain('../name', ['A', `${up}/a/b/here?x=1`, `../${sub}`], ['A', `${up}/a/${sub}`]),
    chain('?query', ['A', `${list}?page=1`, `?page=${other}`], ['A', `${list}?page=${other}`]),
    chain(
      'a whole address',
      ['A', full, `${servers.B}${toFull}?q=${q}`],
      ['B', `${toFull}?q=${q}`],
    ),
    chain('//host/path', ['A', `${lax}/${sub}`, `//${hostOfB}${toLax}`], ['B', toLax]),
    chain(
      'an address with a fragment',
      ['A', marked, `${toMarked}?q=${q}#part`],
      ['A', `${toMarked}?q=${q}`],
    ),
    chain(
      'an address in the query',
      ['A', `${toMarked}/${sub}`, `${toMarked}/go?to=${servers.B}/${other}`],
      ['A', `${toMarked}/go?to=${servers.B}/${other}`],
    ),
    chain(
      'two names, one after the other',
      ['A', `${deep}/one/here`, `${deep}/two/there`],
      ['A', `${deep}/two/there`, sub],
      ['A', `${deep}/two/${sub}`],
    ),
    chain(
      'to B, and then /path',
      ['A', away, `${servers.B}${toAway}`],
      ['B', toAway, `${toAway}/${sub}`],
      ['B', `${toAway}/${sub}`],
    ),
  ]
}

type Five = [string, string, string, string, string]
type Ten = [...Five, ...Five]

/** Chains within A. */
export function drawHome(drawing: Drawing): Case[] {
  const [one, two, three, form, shown] = Array.from({ length: 5 }, drawing.path) as Five
  const [old, moved] = [drawing.path(), drawing.path()]
  return [
    {
      name: 'A → A → A',
      method: 'GET',
      headers: { ...secrets(drawing), ...others(drawing) },
      steps: [
        redirect('A', one, 'GET', 301, two),
        redirect('A', two, 'GET', 307, three),
        answer(drawing, 'A', three, 'GET'),
      ],
    },
    {
      name: 'POST, 303 → A',
      method: 'POST',
      ...withContent(drawing, { ...secrets(drawing), ...others(drawing) }),
      steps: [redirect('A', form, 'POST', 303, shown), answer(drawing, 'A', shown, 'GET')],
    },
    {
      name: 'POST, 308 → A',
      method: 'POST',
      ...withContent(drawing, { ...secrets(drawing), ...others(drawing) }),
      steps: [redirect('A', old, 'POST', 308, moved), answer(drawing, 'A', moved, 'POST')],
    },
  ]
}

/** Chains that lead to B. */
export function drawAway(drawing: Drawing): Case[] {
  const { servers, path } = drawing
  const [one, two, first, second, third] = Array.from({ length: 5 }, path) as Five
  const [start, away, back, form, taken] = Array.from({ length: 5 }, path) as Five
  const [lower, upper] = [path(), path()]
  const headers = { ...secrets(drawing), ...others(drawing) }
  return [
    {
      name: 'A → B',
      method: 'GET',
      headers,
      steps: [
        redirect('A', one, 'GET', 302, `${servers.B}${two}`),
        answer(drawing, 'B', two, 'GET'),
      ],
    },
    {
      name: 'A → A → B',
      method: 'GET',
      headers,
      steps: [
        redirect('A', first, 'GET', 301, second),
        redirect('A', second, 'GET', 308, `${servers.B}${third}`),
        answer(drawing, 'B', third, 'GET'),
      ],
    },
    {
      name: 'POST, 307 → B',
      method: 'POST',
      ...withContent(drawing, headers),
      steps: [
        redirect('A', form, 'POST', 307, `${servers.B}${taken}`),
        answer(drawing, 'B', taken, 'POST'),
      ],
    },
    {
      name: 'A → B, other spelling',
      method: 'GET',
      headers: {
        authorization: `Bearer ${drawing.random.token()}`,
        COOKIE: `id=${drawing.random.token()}`,
        ...others(drawing),
      },
      steps: [
        redirect('A', lower, 'GET', 303, `${servers.B}${upper}`),
        answer(drawing, 'B', upper, 'GET'),
      ],
    },
    {
      name: 'A → B → A',
      method: 'GET',
      headers,
      steps: [
        redirect('A', start, 'GET', 302, `${servers.B}${away}`),
        redirect('B', away, 'GET', 302, `${servers.A}${back}`),
        answer(drawing, 'A', back, 'GET'),
      ],
    },
  ]
}

/** Answers that look like redirects. */
export function drawResults(drawing: Drawing) {
  const { servers, path } = drawing
  const result = (method: string, status: number, location?: string) => ({
    ...answer(drawing, 'A', path(), method),
    status,
    ...(location !== undefined && { location }),
  })
  const asked = (name: string, ...steps: readonly [Step, ...Step[]]): Case => ({
    name,
    method: steps[0].method,
    headers: {},
    steps,
  })
  const [created, gone] = [path(), path()]
  const sent = withContent(drawing)
  const missing = { ...answer(drawing, 'A', gone, 'GET'), status: 404 }
  return {
    withoutLocation: [
      ...CODES.map((code) => asked(`${code} after GET`, result('GET', code))),
      { ...asked('302 after POST', result('POST', 302)), ...sent },
      asked('302, 302', redirect('A', created, 'GET', 302, `${created}/next`), {
        ...result('GET', 302),
        target: `${created}/next`,
      }),
    ],
    others: [
      { ...asked('201 with Location', result('POST', 201, path())), ...sent },
      asked('300 with Location', result('GET', 300, path())),
      asked('200 with Location', result('GET', 200, `${servers.B}${path()}`)),
      asked('404 after a redirect', redirect('A', path(), 'GET', 301, gone), missing),
    ],
  }
}

/** Twenty redirects, and a form that leads to its own address: both come to an end. */
export function drawLongWays(drawing: Drawing): Case[] {
  const [list, form] = [drawing.path(), drawing.path()]
  const hops = Array.from({ length: MOST_REDIRECTS }, (_, index) =>
    redirect('A', `${list}?hop=${index}`, 'GET', CODES[index % 5]!, `?hop=${index + 1}`),
  )
  return [
    {
      name: '20 redirects',
      method: 'GET',
      headers: {},
      steps: [...hops, answer(drawing, 'A', `${list}?hop=${MOST_REDIRECTS}`, 'GET')] as [Step],
    },
    {
      name: 'POST, 303 to the same address',
      method: 'POST',
      ...withContent(drawing),
      steps: [redirect('A', form, 'POST', 303, form), answer(drawing, 'A', form, 'GET')],
    },
  ]
}

function oneRedirect(drawing: Drawing, method: string, code: number): Case {
  const [from, to] = [drawing.path(), drawing.path()]
  const hasContent = method === 'POST' || method === 'PUT'
  const next =
    code === 303 && method !== 'HEAD' ? 'GET' : code < 303 && method === 'POST' ? 'GET' : method
  return {
    name: `${code} after ${method}`,
    method,
    ...(hasContent ? withContent(drawing) : { headers: {} }),
    steps: [redirect('A', from, method, code, to), answer(drawing, 'A', to, next)],
  }
}
