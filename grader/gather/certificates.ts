import type { SetUpKit } from './kit.ts'

/** Makes certificates for those who work side by side with a program, and removes their files when that is over. */
export function createCertificates(): { create: SetUpKit['certificate']; discard: () => void } {
  const discards: (() => void)[] = []
  return {
    async create(names, options) {
      const { createCertificate, discardFiles } = await import('./certificate.ts')
      const certificate = createCertificate(names, options)
      discards.push(() => discardFiles(certificate))
      return certificate
    },
    discard: () => discards.splice(0).forEach((discard) => discard()),
  }
}
