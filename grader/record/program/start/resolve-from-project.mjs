// Preloaded for programs that live outside the project: a package they import and do not have
// themselves (express) is taken from the project, so that the same file runs the same way wherever
// it lies.
import { createRequire, registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const requireHere = createRequire(import.meta.url)

registerHooks({
  resolve(specifier, context, nextResolve) {
    try {
      return nextResolve(specifier, context)
    } catch (error) {
      const isPackage = !/^[./]|^[a-z]+:/i.test(specifier)
      if (!isPackage || context.parentURL === import.meta.url) throw error
      try {
        if (error?.code === 'ERR_MODULE_NOT_FOUND')
          return nextResolve(specifier, { ...context, parentURL: import.meta.url })
        // What require() throws. It asks from the file that calls it, whatever parent is named.
        if (error?.code === 'MODULE_NOT_FOUND')
          return { url: pathToFileURL(requireHere.resolve(specifier)).href, shortCircuit: true }
      } catch {
        // Not there either: what is said is about the program's own import.
      }
      throw error
    }
  },
})
