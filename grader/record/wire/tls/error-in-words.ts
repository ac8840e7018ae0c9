/**
 * `ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN` is `certificate unknown`: an alert by its name in RFC
 * 8446 §6, anything else as OpenSSL has it.
 */
export function errorInWords({ code = '', message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNRESET') return 'hung up'
  const words = /^ERR_(?:SSL|TLS)_(?:(?:SSLV3|TLSV1\d?|SSL\/TLS)_)?(?:ALERT_)?(.+)$/.exec(code)?.[1]
  return words?.replaceAll('_', ' ').toLowerCase() ?? message
}
