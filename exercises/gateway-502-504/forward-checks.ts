import { bytesExhibit, check, rule, type Exchange, type Expect } from '#grader'
import { CHUNKS, NO_END, type Forwarded } from './requests.ts'
import { forwarding, hopping, SLASHES } from './scenarios.ts'

export const forwards = check('The upstream gets every request as the client sent it', forwarding, {
  spec: 'RFC 9110 §3.7',
  reread: 'gateway',

  verify: ({ rows, ledAstray }, expect) => {
    expect.each(rows, ({ name, exchange, arrived, sent, got }, of) => {
      showRequest(of, arrived)
      const astray = name === SLASHES && ledAstray ? 'another server' : NOBODY
      of(got ? UPSTREAM : astray, 'the server that was asked', exchange).toBe(UPSTREAM)
      of(got?.method, 'the method', exchange).toBe(sent.method)
      of(got && merged(got.target), 'the target', exchange).toBe(merged(sent.target))
      sent.fields.forEach(([field, value], index) =>
        of(got?.fields[index]?.[1], `the field ${field}`, exchange).toBe(value),
      )
      of(got?.content, 'the content', exchange).toBe(sent.content)
      of(exchange).toHaveStatus(200)
    })
  },

  diagnose: {
    'led-astray': rule({
      when: ({ ledAstray }) => ledAstray,
      say:
        'A target that begins with two slashes made your gateway ask another server, the one that the ' +
        'target names. So anybody could use it to reach servers inside your network. Always ' +
        'connect to UPSTREAM, and send the target as it came.',
    }),
    'loses-query': rule({
      when: ({ rows }) =>
        rows.find(
          ({ sent, got }) =>
            got && got.target === sent.target.split('?')[0] && sent.target.includes('?'),
        ),
      say: ({ sent }) =>
        `The query after the question mark is gone, so the upstream was asked for something else than \`${sent.target}\`.`,
    }),
    'other-method': rule({
      when: ({ rows }) => rows.find(({ sent, got }) => got && got.method !== sent.method),
      say: ({ sent, got }) =>
        `The client sent ${sent.method}, and the upstream got ${got?.method}. Something else is done then ` +
        'than what was asked.',
    }),
    'loses-fields': rule({
      when: ({ rows }) =>
        rows.find(
          ({ sent, got }) =>
            got?.method === sent.method &&
            got.target === sent.target &&
            got.fields.every(([, value]) => value === undefined),
        ),
      say:
        'None of the client’s own fields came to the upstream. Without Cookie and Authorization it doesn’t ' +
        'know who asks, and without Content-Type it doesn’t know what it gets.',
    }),
    'chunks-unread': rule({
      when: ({ rows }) => {
        const lost = rows.filter(hasLostContent)
        return lost.length === 1 && lost.find(({ name }) => name === CHUNKS)
      },
      say:
        'Content with a Content-Length came to the upstream, but this came in chunks, and then there is no Content-Length. ' +
        'Read until the content ends, however its end is marked.',
    }),
    'loses-content': rule({
      when: ({ rows }) => rows.find(hasLostContent),
      say: ({ sent }) =>
        `The head of the ${sent.method} came to the upstream, but its content didn’t. Hand that on, too.`,
    }),
    'changes-content': rule({
      when: ({ rows }) =>
        rows.find(
          ({ sent, got }) =>
            got && got.content !== sent.content && isChangedText(sent.content, got.content),
        ),
      say:
        'The content came with other bytes. Content that is read as text and written again is no longer the ' +
        'same, because not all bytes are characters. Hand the bytes on.',
    }),
  },
})

function hasLostContent({ sent, got }: Forwarded): boolean {
  return sent.content !== undefined && got !== null && (got.content ?? NO_END) === NO_END
}

/** Long content is compared by its checksum. */
const isChangedText = (sent = '', got = '') => sent.includes('checksum') && got.includes('checksum')

export const hopByHop = check('Fields of one hop stay there, in both directions', hopping, {
  after: forwards,
  spec: 'RFC 9110 §7.6.1',
  reread: 'gateway',

  verify: ({ hop, shelf }, expect) => {
    expect.each(
      [
        { name: 'of the request', to: 'the upstream', ...hop },
        { name: 'of the answer', to: 'the client', ...shelf },
      ],
      ({ to, name, exchange, arrived, leaked }, of) => {
        if (name === 'of the request') showRequest(of, arrived)
        of(arrived ? UPSTREAM : NOBODY, 'the server that was asked', exchange).toBe(UPSTREAM)
        of(exchange).toHaveStatus(200)
        of(leaked, `fields of the other hop that ${to} got`, exchange).toBe('none')
      },
    )
  },

  diagnose: {
    'named-ones': rule({
      when: ({ hop }) => /^X-Secret-\w+$/.test(hop.leaked) && hop,
      say: ({ leaked }) =>
        `The client named \`${leaked}\` in Connection, but the field came to the upstream. By Connection each side says ` +
        'which other fields are meant for this hop alone. The names there may be in other letters than in the field: ' +
        'upper and lower case are the same.',
    }),
    'copies-all': rule({
      when: ({ hop }) => hop.leaked.includes('Keep-Alive') && hop,
      say: ({ leaked }) =>
        `The client’s ${leaked} came to the upstream. These fields are about the connection between the client and you. ` +
        'On the one between you and the upstream they are wrong.',
    }),
    'answer-too': rule({
      when: ({ hop, shelf }) => hop.leaked === 'none' && shelf.leaked !== 'none' && shelf,
      say: ({ leaked }) =>
        `Your gateway cleans requests, but of the upstream’s answer the client got ${leaked}. Answers have fields ` +
        'for one hop, too, and their Connection names others.',
    }),
  },
})

export const introduces = check('Via names your gateway after the ones before it', hopping, {
  after: forwards,
  spec: 'RFC 9110 §7.6.3',
  reread: 'gateway',

  verify: ({ first, named, via }, expect) => {
    expect.each(
      [
        { name: 'a first gateway', list: OURS, ...first },
        { name: 'after another gateway', list: `${via}, ${OURS}`, ...named },
      ],
      ({ list, exchange, arrived, gateways }, of) => {
        showRequest(of, arrived)
        of(gateways, 'Via, as the upstream got it', exchange).toBe(list)
      },
    )
  },

  diagnose: {
    'no-via': rule({
      when: ({ first }) => first.gateways === undefined && first,
      say:
        'The upstream got a request without Via. By that field gateways notice requests that go in ' +
        'circles, and people see which way a request took.',
    }),
    'replaces-via': rule({
      when: ({ first, named, via }) =>
        first.gateways === OURS && !named.gateways?.includes(via) && named,
      say: (_, { via }) =>
        `The request had come through another gateway, as \`Via: ${via}\` said. Yours took its ` +
        'place. Add your name at the end of the list.',
    }),
  },
})

export const tellsClient = check('The upstream learns the client’s address', hopping, {
  after: forwards,
  spec: 'RFC 7239 §4',
  reread: 'gateway',

  verify: ({ first, named }, expect) => {
    expect.each(
      [
        { name: 'a first gateway', ...first },
        { name: 'after another gateway', ...named },
      ],
      ({ exchange, arrived, client }, of) => {
        showRequest(of, arrived)
        of(client, 'the last address in X-Forwarded-For or Forwarded', exchange).toBe('127.0.0.1')
      },
    )
  },

  diagnose: {
    'no-address': rule({
      when: ({ first }) => first.client === undefined && first,
      say:
        'To the upstream, all requests come from your gateway. Nothing says who the client is, so it ' +
        'can’t limit or log anybody. Add the address that your connection with the client has.',
    }),
    'believes-client': rule({
      when: ({ first, named, address }) =>
        first.client === '127.0.0.1' && named.client === address && named,
      say: (_, { address }) =>
        `The client had sent \`X-Forwarded-For: ${address}\`, and the upstream got that alone. ` +
        'Anybody can write that field. Add the address that you see yourself, after what is there.',
    }),
  },
})

/** Some libraries make one slash of those that a target begins with; it leads nowhere else then. */
const merged = (target: string) => target.replace(/^\/+/, '/')

const OURS = '1.1 gw'
const UPSTREAM = 'the upstream'
const NOBODY = 'none'

function showRequest(expect: Expect, arrived: Exchange | null): void {
  if (arrived) expect.show(bytesExhibit('What the upstream got', arrived.request.head))
}
