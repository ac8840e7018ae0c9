/**
 * What a header field says, in one sentence of ours. The name in any case; undefined for a field
 * that is not explained.
 */
export function explainField(
  name: string,
): { readonly name: string; readonly text: string } | undefined {
  const found = byLowerCase.get(name.toLowerCase())
  return found && { name: found[0], text: found[1] }
}

const explanations: Record<string, string> = {
  Accept:
    'The media types the client would like to get, each with a weight where it prefers some to others.',
  'Accept-Encoding':
    'The compressions the client can undo; the server may use one of them or none.',
  'Accept-Language': 'The languages the reader prefers, in order of their weights.',
  'Accept-Patch': 'The media types in which this resource takes a PATCH.',
  'Accept-Ranges':
    'Whether the server answers requests for a part of this resource, and counted in what unit.',
  'Access-Control-Allow-Credentials':
    'Lets a page of another origin read the answer to a request that carried cookies.',
  'Access-Control-Allow-Headers':
    'The request fields that a page of another origin may set, in answer to a preflight.',
  'Access-Control-Allow-Methods':
    'The methods that a page of another origin may use, in answer to a preflight.',
  'Access-Control-Allow-Origin': 'The one origin, or any, whose pages may read this response.',
  'Access-Control-Expose-Headers':
    'The response fields that a script of another origin may read besides the few it always may.',
  'Access-Control-Max-Age':
    'For how many seconds the browser may remember the answer to a preflight.',
  'Access-Control-Request-Headers':
    'Asks, before the real request, whether these fields may be sent.',
  'Access-Control-Request-Method':
    'Asks, before the real request, whether this method may be used.',
  Age: 'For how many seconds a cache has kept this response since the origin sent or confirmed it.',
  Allow: 'The methods this resource takes; a 405 has to name them.',
  'Alt-Svc': 'Another protocol or port at which the same origin can be reached.',
  Authorization: 'What proves to the server who the client is; the first word names the scheme.',
  'Cache-Control':
    'What caches may do with this message: whether to keep it, for how long, and when to ask again.',
  'Clear-Site-Data': 'Tells the browser to throw away what it keeps for this origin.',
  Connection:
    'What holds for this connection only: close it after this message, or which fields are meant for the next hop alone.',
  'Content-Disposition': 'Whether the content is to be shown or saved, and under which file name.',
  'Content-Encoding': 'How the content was compressed; a reader has to undo that first.',
  'Content-Language': 'The language of the readers this content is meant for.',
  'Content-Length':
    'How many bytes of content follow the empty line, so that the recipient knows where the message ends.',
  'Content-Location': 'The address of exactly this representation.',
  'Content-Range': 'Which part of the whole this content is, and how long the whole is.',
  'Content-Security-Policy':
    'What the page may load, run and be framed by; the browser refuses the rest.',
  'Content-Type': 'The media type of the content, and for text its character encoding.',
  Cookie: 'The names and values of all cookies in the jar that fit this request.',
  'Cross-Origin-Resource-Policy': 'Which sites may embed this response at all.',
  Date: 'When the message was made, by the clock of the origin server.',
  ETag: 'A name for exactly this version of the content; it changes when the content does.',
  Expect: 'Asks the server to say whether it wants the content before the client sends it.',
  Expires:
    'The moment after which a cache has to treat this response as stale; max-age wins over it.',
  Forwarded:
    'What proxies on the way knew about the client: its address, the host it asked for, the scheme.',
  Host: 'The host and port the request is for, so that one server can answer for many names; HTTP/1.1 requires it.',
  'If-Match':
    'Do this only if the current version is one of these; protects against overwriting the change of another.',
  'If-Modified-Since':
    'Send the content only if it has changed after this moment, else answer 304.',
  'If-None-Match':
    'Send the content only if its version differs from all of these, else answer 304.',
  'If-Range': 'Send the part that was asked for if the version is still this one, else the whole.',
  'If-Unmodified-Since': 'Do this only if nothing has changed after this moment.',
  'Keep-Alive':
    'How long, and for how many requests, the sender means to keep an idle connection open.',
  'Last-Event-ID':
    'The last event an event stream delivered, so that the server can go on after it.',
  'Last-Modified': 'When the content was last changed, as far as the server knows, to the second.',
  Link: 'Relates this resource to others: the next page of a list, a style sheet to load early.',
  Location: 'Where to go on for a redirect, or where the thing just created can be found.',
  Origin: 'The origin of the page that makes this request: scheme, host and port, no path.',
  Pragma: 'A relic of HTTP/1.0: no-cache, for caches that do not know Cache-Control.',
  'Proxy-Authenticate': 'How a client has to prove to the proxy who it is.',
  'Proxy-Authorization': 'What proves to the proxy who the client is.',
  Range: 'Asks for a part of the content only, counted in bytes.',
  Referer: 'The address of the page that led to this request; the misspelling is the standard’s.',
  'Referrer-Policy':
    'How much of this page’s address the browser may tell to where its links lead.',
  'Retry-After': 'How long to wait before asking again, in seconds or as a date.',
  'Sec-Fetch-Dest':
    'What the browser wants the answer for: a document, an image, a script. No page can set it.',
  'Sec-Fetch-Mode':
    'How the browser makes this request: as a navigation, across origins, or otherwise. No page can set it.',
  'Sec-Fetch-Site':
    'How the site that makes the request relates to the one it goes to. No page can set it.',
  'Sec-Fetch-User': 'Sent when a person set off the navigation. No page can set it.',
  'Sec-WebSocket-Accept':
    'Proves that the server understood the handshake: it is computed from the client’s key.',
  'Sec-WebSocket-Key': 'Random bytes from which the server computes its answer to the handshake.',
  'Sec-WebSocket-Protocol':
    'The sub-protocols to speak over the WebSocket, or the one that was chosen.',
  'Sec-WebSocket-Version': 'The version of the WebSocket protocol, which is 13.',
  Server: 'The name of the program that answers. It need not be true.',
  'Set-Cookie':
    'Asks the browser to keep one cookie; what follows the first semicolon tells the jar how long and for whom.',
  'Strict-Transport-Security': 'From now on the browser comes back over https only.',
  TE: 'Which transfer codings, besides chunked, and whether trailers are welcome on this connection.',
  Trailer: 'The fields that will follow after the content.',
  'Transfer-Encoding':
    'How the message is framed on this connection: chunked means that each piece says its own length.',
  Upgrade: 'Asks to go on with another protocol on this same connection.',
  'Upgrade-Insecure-Requests': 'The browser prefers to be sent to the encrypted address.',
  'User-Agent': 'The program that asks; browsers list the names of their ancestors, too.',
  Vary: 'The request fields this answer depended on, so that a cache reuses it only for requests that agree in them.',
  Via: 'The proxies this message passed through.',
  'WWW-Authenticate': 'How a client has to prove who it is; every 401 names at least one scheme.',
  'X-Content-Type-Options':
    'With nosniff the browser believes Content-Type and does not guess from the content.',
  'X-Forwarded-For':
    'The addresses a request came through, as proxies wrote them. Anybody can write it.',
  'X-Forwarded-Proto': 'The scheme the client used towards the first proxy. Anybody can write it.',
  'X-Frame-Options':
    'Whether the page may be shown in a frame; frame-ancestors of the policy replaces it.',
  'X-Powered-By': 'The framework that made the response, which nobody needs to know.',
}

const byLowerCase = new Map(
  Object.entries(explanations).map((entry) => [entry[0].toLowerCase(), entry]),
)
