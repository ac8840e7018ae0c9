import type { Certificate } from './certificate.ts'
import type { SetUpKit } from '../../../types/kit.ts'

/**
 * Makes certificates for those who work side by side with a program, and removes their files when
 * that is over.
 */
export function createCertificates(): {
  create: SetUpKit['certificate']
  made: readonly Certificate[]
  discard: () => void
} {
  const made: Certificate[] = []
  const discards: (() => void)[] = []
  return {
    async create(names, options) {
      const { createCertificate, discardFiles } = await import('./certificate.ts')
      const certificate = createCertificate(names, options)
      made.push(certificate)
      discards.push(() => discardFiles(certificate))
      return certificate
    },
    made,
    discard: () => discards.splice(0).forEach((discard) => discard()),
  }
}
