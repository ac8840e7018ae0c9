/**
 * The same object, whose promises need not be awaited at once. A scenario looks into a page before
 * it awaits the visit, and may never come to await it: should the browser go away meanwhile, that
 * is no rejection that nobody handles, which would end the grader.
 */
export function handleRejections<Methods extends object>(methods: Methods): Methods {
  const handled = Object.entries(methods).map(([name, method]: [string, unknown]) => [
    name,
    typeof method === 'function' ? handling(method as Method) : method,
  ])
  return Object.fromEntries(handled) as Methods
}

/** The same promise; that nobody awaits it is no fault. */
export function handleLater<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {})
  return promise
}

type Method = (...args: readonly unknown[]) => unknown

function handling(method: Method): Method {
  return (...args) => {
    const result = method(...args)
    if (result instanceof Promise) handleLater(result)
    return result
  }
}
