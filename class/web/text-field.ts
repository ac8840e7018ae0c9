import type { Request } from 'express'

/** A field of the form that was sent; empty when it is not there, or no text. */
export function textField(request: Request, name: string): string {
  const value: unknown = request.body?.[name]
  return typeof value === 'string' ? value : ''
}
