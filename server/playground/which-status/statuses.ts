/** What a learner may answer with, and its name (RFC 9110 §15, RFC 6585 §4). */
export const statuses = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
} as const

export type Status = keyof typeof statuses

export function isStatus(value: unknown): value is Status {
  return typeof value === 'number' && Object.hasOwn(statuses, value)
}
