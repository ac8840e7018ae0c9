// Preloaded for programs that live outside the project: a package they import and do not have
// themselves (express) is taken from the project, so that the same file runs the same way wherever
// it lies.
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, nextResolve) {
    try {
      return nextResolve(specifier, context)
    } catch (error) {
      const isPackage = !/^[./]|^[a-z]+:/i.test(specifier)
      if (!isPackage || error?.code !== 'ERR_MODULE_NOT_FOUND') throw error
      try {
        return nextResolve(specifier, { ...context, parentURL: import.meta.url })
      } catch {
        // Not there either: what is said is about the program's own import.
        throw error
      }
    }
  },
})
