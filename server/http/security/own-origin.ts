/** The one origin the course is read at. */
export function ownOrigin(port: number): string {
  return `http://${hostOf('localhost', port)}`
}

/** As a Host field has it, where port 80 is left out. */
export function hostOf(name: string, port: number): string {
  return port === 80 ? name : `${name}:${port}`
}
