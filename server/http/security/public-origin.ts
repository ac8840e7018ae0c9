import type { Application, Request } from 'express'

const SETTING = 'public origin'

/**
 * Has the server answer under a second name: the address under which a port is forwarded to it, by
 * a hosted editor, `docker -p` or `ssh -L`. Such a name is never taken from a request, because any
 * page can have its own name point here (DNS rebinding).
 */
export function setPublicOrigin(app: Application, origin: string | undefined): void {
  app.set(SETTING, origin)
}

/** `https://name-4321.example.dev`; undefined when the course is read on this machine only. */
export function publicOrigin(request: Request): string | undefined {
  return request.app.get(SETTING) as string | undefined
}
