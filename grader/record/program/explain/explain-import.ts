import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StartupError } from '../../../types/errors.ts'
import type { UncaughtError } from './uncaught-error.ts'

/** Why something that a program imports is not there; undefined when that was not why it ended. */
export function explainImport(
  error: UncaughtError,
): { readonly id: StartupError['id']; readonly say: string; readonly isPlaced: false } | undefined {
  const say = sentence(error)
  return say === undefined ? undefined : { id: 'missing-import', say, isPlaced: false }
}

function sentence({ code, message }: UncaughtError): string | undefined {
  switch (code) {
    case 'ERR_MODULE_NOT_FOUND':
    case 'MODULE_NOT_FOUND':
    case 'ERR_UNKNOWN_BUILTIN_MODULE': {
      const name =
        /Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1] ??
        /No such built-in module: (\S+)/.exec(message)?.[1]
      return name && notThere(name)
    }
    case 'ERR_UNSUPPORTED_DIR_IMPORT': {
      const folder = /Directory import '([^']+)'/.exec(message)?.[1] ?? ''
      return `You import the folder '${basename(folder)}'. Import a file of it, with its ending: './${basename(folder)}/index.ts'.`
    }
    case 'ERR_UNSUPPORTED_ESM_URL_SCHEME': {
      const scheme = /protocol '([^']+)'/.exec(message)?.[1] ?? 'that'
      return `You import from an address that begins with ${scheme}, which Node does not. Node's own modules, express and cookie-parser are there.`
    }
    case 'ERR_PACKAGE_IMPORT_NOT_DEFINED': {
      const name = /specifier "([^"]+)"/.exec(message)?.[1] ?? ''
      return `'${name}' is a name that a package.json would have to explain ("imports"), and none does. Write the path of the file: './store.ts'.`
    }
    case 'ERR_PACKAGE_PATH_NOT_EXPORTED': {
      const path = /'([^']+)'/.exec(message)?.[1] ?? ''
      return `The package has no '${path}' that others may import.`
    }
    default:
      return undefined
  }
}

function notThere(name: string): string {
  if (name === 'node:sqlite' || name === 'sqlite')
    return "A graded program cannot use 'node:sqlite': Node would let it open every database of this machine. Keep what you need in variables."
  if (name.startsWith('node:')) return `Node has no built-in module called '${name}'.`
  if (/^(?:@|~)\//.test(name))
    return `'${name}' is a short form that a tsconfig.json or a bundler explains, and Node knows neither. Write the path of the file: './store.ts'.`
  if (/^(?:[./]|file:|[a-z]:[\\/])/i.test(name)) {
    const file = basename(name.startsWith('file:') ? fileURLToPath(name) : name)
    return `The file '${file}' you import does not exist. Imports of files carry their ending: './store.ts'.`
  }
  return `The package '${name}' is not installed. Node's own modules, express and cookie-parser are there.`
}
