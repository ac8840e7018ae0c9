/** A path of this server to go on to, query included; anything else becomes the course page. */
export function ownPath(value: unknown): string {
  if (
    typeof value !== 'string' ||
    !value.startsWith('/') ||
    !URL.canParse(value, 'http://localhost')
  )
    return '/'
  const url = new URL(value, 'http://localhost')
  // `/.//elsewhere` ends up as `//elsewhere`, which a browser takes for another host.
  return url.origin === 'http://localhost' && !url.pathname.startsWith('//')
    ? url.pathname + url.search
    : '/'
}
