import { isAnswered, present, scenario, type Exchange, type Kit, type SetUpKit } from '#grader'
import { draw, fieldFor, type Drawn, type User } from './users.ts'

/** A request, and the status that it has to get. */
export interface Asked {
  readonly name: string
  readonly wanted: number
  readonly exchange: Exchange | null
}

/** A request of a user. */
export interface Login extends Asked {
  readonly user: string
}

export const strangers = scenario('A client asks without credentials', {
  setUp: drawUsers,
  async record({ send, random }, { admin }) {
    const vault = await asker(send)('/vault', 401)
    if (!isAnswered(vault.exchange)) return { vault, below: null, open: [] }
    const askPublic = asker(send, '/public')
    return {
      vault,
      below: await asker(send, `/vault/${random.word()}`)('below /vault', 401),
      open: [
        await askPublic('without credentials', 200),
        await askPublic('a wrong password', 200, fieldFor(admin.name, random.token(8))),
      ],
    }
  },
  facts: ({ vault, below, open }) => {
    present(vault.exchange, 'GET /vault')
    return { vault, below, closed: below ? [vault, below] : [vault], open }
  },
})

export const logins = scenario('A client asks with the credentials of four users', {
  setUp: drawUsers,
  async record({ send }, { admin, withColons, withUmlauts, withBoth }) {
    const enter = enterer(send)
    const plain = await enter('a plain password', admin)
    if (!isAnswered(plain.exchange)) return { plain, colons: [], umlauts: [], cases: [] }
    const [, credentials = ''] = fieldFor(admin.name, admin.password).split(' ')
    return {
      plain,
      colons: [await enter('with colons', withColons)],
      umlauts: [await enter('with umlauts', withUmlauts), await enter('with both', withBoth)],
      cases: [
        await enter('basic', admin, `basic ${credentials}`),
        await enter('BASIC', admin, `BASIC ${credentials}`),
        await enter('bAsIc', admin, `bAsIc ${credentials}`),
      ],
    }
  },
  facts: ({ plain, ...rest }) => {
    present(plain.exchange, 'GET /vault')
    return { plain, ...rest }
  },
})

export const opened = scenario(
  'Chromium fetches /vault as a stranger, then opens it and a page below it as a user',
  {
    setUp: drawUsers,
    async record({ newPage, random }, { withBoth: { name, password } }) {
      const stranger = await newPage('a stranger')
      await stranger.open('/public')
      const refused = await stranger.fetch('/vault')
      const page = await newPage(name, { httpCredentials: { username: name, password } })
      const first = await page.open('/vault')
      const second = await page.open(`/vault/${random.word()}`)
      return { name, first, second, refused }
    },
    facts: ({ name, first, second, refused }) => ({
      name,
      challenged: present(first.document, 'GET /vault'),
      entered: first.followed.at(-1) ?? null,
      again: second.document,
      stranger: refused.exchange,
    }),
  },
)

export const wrong = scenario('A client tries wrong credentials', {
  setUp: drawUsers,
  async record({ send, connect, random }, { admin, withColons, withUmlauts }) {
    const ask = asker(send)
    const attempt = (name: string, user: string, password: string) => () =>
      ask(name, 401, fieldFor(user, password))
    const { name, password } = admin
    const unknown = random.token(9)
    const [, credentials = ''] = fieldFor(name, password).split(' ')
    const beginning = withColons.password.slice(0, withColons.password.lastIndexOf(':'))
    const asked = await askInTurn({
      wrongPassword: attempt('a wrong password', name, random.token(8)),
      beginning: attempt('the beginning of a password', withColons.name, beginning),
      longer: attempt('a password and more', name, `${password}:${random.token(4)}`),
      anothers: attempt("another user's password", withUmlauts.name, password),
      unknown: attempt('an unknown user', unknown, password),
      partOfName: attempt('the beginning of a name', name.slice(0, -1), password),
      unknownEmpty: attempt('an unknown user, empty password', unknown, ''),
      empty: attempt('an empty password', name, ''),
      scheme: () => ask('another scheme', 401, `Bearer ${credentials}`),
    })
    if (!asked.scheme) return { asked, sameConnection: null, later: null }
    return {
      asked,
      sameConnection: await afterLogin(connect, fieldFor(name, password)),
      later: await ask('nothing, after a login', 401),
    }
  },
  facts: ({ asked, sameConnection, later }) => {
    present(asked.wrongPassword?.exchange ?? null, 'GET /vault')
    const all = [...Object.values(asked), sameConnection, later]
    return { ...asked, sameConnection, later, attempts: all.filter((each) => each !== null) }
  },
})

// On its own, because many a program ends at it.
export const broken = scenario('A client sends broken credentials, and then the right ones', {
  setUp: drawUsers,
  async record({ send }, { admin }) {
    const ask = asker(send)
    const noUtf8 = Buffer.from([...Buffer.from(`${admin.name}:`), 0xff, 0xfe]).toString('base64')
    const noColon = Buffer.from(admin.name).toString('base64')
    const attempts: Asked[] = []
    for (const [name, field] of [
      ['no colon', `Basic ${noColon}`],
      ["bytes that aren't UTF-8", `Basic ${noUtf8}`],
      ['no base64', 'Basic %%%'],
      ['nothing after Basic', 'Basic'],
    ] as const) {
      attempts.push(await ask(name, 401, field))
      // A program that is ending may still accept a connection, or not.
      if (!isAnswered(attempts.at(-1)!.exchange)) return { attempts, after: null }
    }
    return { attempts, after: await enterer(send)('the right ones', admin) }
  },
})

export const office = scenario('A client asks for /vault/admin', {
  setUp: drawUsers,
  async record({ send, random }, { admin, withColons, withUmlauts }) {
    const ask = asker(send, '/vault/admin')
    const enter = async (name: string, wanted: number, user: User) =>
      ask(name, wanted, fieldFor(user.name, user.password))
    const stranger = await ask('no credentials', 401)
    if (!isAnswered(stranger.exchange)) return { strangers: [stranger], readers: [], admin: null }
    return {
      strangers: [
        stranger,
        await ask('a wrong password', 401, fieldFor(admin.name, random.token(8))),
      ],
      readers: [
        await enter('a reader', 403, withColons),
        await enter('another reader', 403, withUmlauts),
      ],
      admin: { ...(await enter('an admin', 200, admin)), user: admin.name },
    }
  },
  facts: ({ strangers, ...rest }) => {
    present(strangers[0]?.exchange ?? null, 'GET /vault/admin')
    return { strangers, ...rest }
  },
})

function drawUsers({ random }: SetUpKit): Drawn {
  return draw(random)
}

function asker(send: Kit['send'], path = '/vault') {
  return async (name: string, wanted: number, field?: string): Promise<Asked> => {
    const headers = field === undefined ? [] : [['Authorization', field] as const]
    return { name, wanted, exchange: await send({ path, headers }) }
  }
}

/** Asks for /vault with the right credentials, or with them in the field that is given. */
function enterer(send: Kit['send']) {
  const ask = asker(send)
  return async (
    name: string,
    user: User,
    field = fieldFor(user.name, user.password),
  ): Promise<Login> => ({ ...(await ask(name, 200, field)), user: user.name })
}

/** Ends with the first one that isn't answered: a program that has crashed has no more to say. */
async function askInTurn<Key extends string>(
  requests: Readonly<Record<Key, () => Promise<Asked>>>,
): Promise<Partial<Record<Key, Asked>>> {
  const asked: Partial<Record<Key, Asked>> = {}
  for (const key of Object.keys(requests) as Key[]) {
    const one = await requests[key]()
    asked[key] = one
    if (!isAnswered(one.exchange)) break
  }
  return asked
}

/** The second request of a connection; null where the program ended it after the first. */
async function afterLogin(connect: Kit['connect'], field: string): Promise<Asked | null> {
  const connection = await connect()
  await connection.request({ path: '/vault', headers: [['Authorization', field]] })
  const exchange = await connection.request('/vault')
  connection.end()
  return isAnswered(exchange)
    ? { name: 'nothing, on the connection of a login', wanted: 401, exchange }
    : null
}
