/** Numbers that are unique within a run. */
export interface IdSource {
  connection(): number
  exchange(): number
}

export function createIdSource(): IdSource {
  let connections = 0
  let exchanges = 0
  return { connection: () => ++connections, exchange: () => ++exchanges }
}
