import type { RequestListener } from 'node:http'
import { createDrawnNames } from '../drawn-names.ts'

/** Whom the partner lets read: the playground's page by its origin, anybody, nobody. */
export type Permission = (typeof permissions)[number]

export const permissions = ['this', 'any', 'nobody'] as const

/** What a request may carry that the partner's answer to a preflight allows. */
export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/**
 * Another origin, which does what it is asked and says who may read the answer. It keeps nothing
 * and knows nothing worth reading.
 */
export interface Partner {
  readonly answer: RequestListener
  /**
   * A path for one request: `/things/3f9a2c`. Nobody else knows it, and no earlier answer for it is
   * remembered.
   */
  open(permission: Permission): string
}

const THINGS = '/things/'

/** `page`: the origin of the playground's page, the only one ever named. */
export function createPartner(page: () => string): Partner {
  const things = createDrawnNames<Permission>()
  return {
    open: (permission) => `${THINGS}${things.add(permission)}`,
    answer(request, response) {
      const { url = '' } = request
      const permission = url.startsWith(THINGS) ? things.get(url.slice(THINGS.length)) : undefined
      request.resume()
      if (permission === undefined)
        return void response.writeHead(404, { 'Content-Length': 0 }).end()
      const allowed = permissionFields(permission, page())
      if (request.method === 'OPTIONS') {
        const lists =
          permission === 'nobody'
            ? {}
            : {
                'Access-Control-Allow-Methods': methods.join(', '),
                'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Color',
              }
        return void response.writeHead(204, { ...allowed, ...lists }).end()
      }
      const content = 'The partner has done it.\n'
      response.writeHead(200, {
        'Content-Type': 'text/plain',
        'Content-Length': content.length,
        'X-Remark': 'not for everybody',
        ...allowed,
      })
      response.end(request.method === 'HEAD' ? undefined : content)
    },
  }
}

function permissionFields(permission: Permission, page: string): Record<string, string> {
  if (permission === 'this')
    return {
      'Access-Control-Allow-Origin': page,
      'Access-Control-Allow-Credentials': 'true',
      Vary: 'Origin',
    }
  return permission === 'any' ? { 'Access-Control-Allow-Origin': '*' } : {}
}
