import { fields, present, scenario, type Exchange, type Kit } from '#grader'
import { lackingIn, refusedIn } from './answers.ts'

export const saved = scenario('A client saves a profile, and then another one in its place', {
  record: saveTwice,
  facts: ({ before, ...rest }) => ({ ...rest, before: present(before, 'GET /profiles/{name}') }),
})

export const ended = scenario(
  'A client removes a profile twice, and one that was put three times',
  {
    record: async (kit) => ({ removed: await removeTwice(kit), repeated: await repeat(kit) }),
    facts: ({ removed, repeated }) => {
      present(removed.otherBefore, 'GET /profiles/{name}')
      return { removed, repeated }
    },
  },
)

export const odd = scenario('A client writes names in other ways, and tries POST and PATCH', {
  record: async (kit) => ({ spellings: await putLookAlikes(kit), methods: await tryMethods(kit) }),
  facts: ({ spellings, methods: { post, patch, ...methods } }) => {
    present(spellings.large.exchange, 'GET /profiles/{name}')
    const refusals = [asRefusal('POST', post), asRefusal('PATCH', patch)]
    return { spellings, methods: { ...methods, refusals } }
  },
})

// On its own, because many a program ends at it.
export const broken = scenario('A client sends JSON that breaks off in the middle', {
  record: sendBroken,
  facts: ({ put, ...rest }) => {
    present(put, 'PUT /profiles/{name}')
    return rest
  },
})

async function saveTwice(kit: Kit) {
  const { random } = kit
  const client = clientFor(kit, random.word())
  const name = `${random.word()} ${random.word()}`
  const first = { name, team: random.word(), phone: random.integer(100_000, 999_999) }
  // The phone number is left out.
  const second = { name, team: random.word() }
  return {
    first,
    second,
    before: await client.get(),
    firstPut: await client.put(first),
    shown: await client.get(),
    secondPut: await client.put(second),
    shownThen: await client.get(),
  }
}

async function removeTwice(kit: Kit) {
  const { random } = kit
  const [other, client] = [clientFor(kit, random.word()), clientFor(kit, random.word())]
  const ofOther = { team: random.word(), floor: random.integer(1, 9) }
  const profile = { team: random.word(), phone: random.integer(100_000, 999_999) }
  const again = { team: random.word() }
  await other.put(ofOther)
  return {
    ofOther,
    profile,
    again,
    put: await client.put(profile),
    otherBefore: await other.get(),
    removal: await client.remove(),
    shown: await client.get(),
    repetition: await client.remove(),
    otherShown: await other.get(),
    putAgain: await client.put(again),
    shownThen: await client.get(),
  }
}

async function repeat(kit: Kit) {
  const { random } = kit
  const client = clientFor(kit, random.word())
  const profile = { team: random.word(), languages: [random.word(), random.word()] }
  return {
    profile,
    puts: [
      { name: 'PUT 1 of 3', exchange: await client.put(profile) },
      { name: 'PUT 2 of 3', exchange: await client.put(profile) },
      { name: 'PUT 3 of 3', exchange: await client.put(profile) },
    ],
    shown: await client.get(),
    removal: await client.remove(),
    shownThen: await client.get(),
  }
}

async function putLookAlikes(kit: Kit) {
  const { random } = kit
  const [first, last] = [random.word(), random.word()]
  const capital = `${last.charAt(0).toUpperCase()}${last.slice(1)}`
  const large = clientFor(kit, `${first}%20${capital}`)
  const small = clientFor(kit, `${first}%20${last}`)
  const umlaut = clientFor(kit, `${first}%20m%C3%BC${last}`)
  const sameUmlaut = clientFor(kit, `${first}%20m%c3%bc${last}`)
  const [ofLarge, ofSmall, ofUmlaut] = [
    { team: random.word() },
    { team: random.word() },
    { team: random.word() },
  ]
  await large.put(ofLarge)
  await small.put(ofSmall)
  await umlaut.put(ofUmlaut)
  return {
    large: { name: 'with a capital', exchange: await large.get(), profile: ofLarge },
    small: { name: 'without a capital', exchange: await small.get(), profile: ofSmall },
    sameSpelling: { name: 'with %C3%BC', exchange: await umlaut.get(), profile: ofUmlaut },
    otherSpelling: { name: 'with %c3%bc', exchange: await sameUmlaut.get(), profile: ofUmlaut },
  }
}

async function tryMethods(kit: Kit) {
  const { random } = kit
  const client = clientFor(kit, random.word())
  const profile = { team: random.word() }
  const change = JSON.stringify({ team: random.word() })
  await client.put(profile)
  return {
    profile,
    post: await client.ask('POST', change),
    patch: await client.ask('PATCH', change),
    shown: await client.get(),
  }
}

async function sendBroken(kit: Kit) {
  const { random } = kit
  const client = clientFor(kit, random.word())
  const profile = { team: random.word(), phone: random.integer(100_000, 999_999) }
  return {
    profile,
    put: await client.put(profile),
    brokenPut: await client.ask('PUT', `{"team": "${random.word()}", "phone": `),
    shown: await client.get(),
  }
}

function asRefusal(name: string, exchange: Exchange | null) {
  const allow = fields(exchange, 'Allow').join(', ')
  return { name, exchange, lacking: lackingIn(allow), refused: refusedIn(allow) }
}

/** A client of the profile at the address with that segment. */
function clientFor({ send }: Kit, segment: string) {
  const path = `/profiles/${segment}`
  const headers = [['Content-Type', 'application/json']] as const
  const ask = (method: string, body: string) => send({ method, path, headers, body })
  return {
    ask,
    put: (profile: object) => ask('PUT', JSON.stringify(profile)),
    get: () => send(path),
    remove: () => send({ method: 'DELETE', path }),
  }
}
