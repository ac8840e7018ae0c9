import { packTar } from 'modern-tar'
import { gzip } from 'node:zlib'
import { promisify } from 'node:util'
import type { Queryable } from '../database.ts'
import { readGrades } from '../gradebook/gradebook.ts'

/**
 * The files of everybody's best submission of an exercise as a tar archive, compressed with gzip: a
 * folder for each learner.
 */
export async function allWork(database: Queryable, exerciseId: string): Promise<Buffer> {
  const best = (await readGrades(database))
    .filter((grade) => grade.exerciseId === exerciseId)
    .map(({ submissionId }) => submissionId)
  const { rows } = await database.query<FoundFile>(
    `SELECT name, learner_id AS "learnerId", path, content, submitted_at AS "submittedAt"
     FROM submission_files f JOIN submissions s ON s.id = f.submission_id
     JOIN learners l ON l.id = s.learner_id
     WHERE submission_id = ANY ($1) ORDER BY lower(name), learner_id, position`,
    [best],
  )
  const archive = await packTar(
    rows.map(({ name, learnerId, path, content, submittedAt }) => ({
      header: {
        name: `${exerciseId}/${folderName(name)}-${learnerId.slice(0, 6)}/${path}`,
        size: content.length,
        mtime: new Date(submittedAt),
      },
      body: content,
    })),
  )
  return promisify(gzip)(archive)
}

interface FoundFile {
  readonly name: string
  readonly learnerId: string
  readonly path: string
  readonly content: Uint8Array
  readonly submittedAt: string
}

/** A name that every file system takes, and that leads nowhere else. */
function folderName(name: string): string {
  return (
    name
      .normalize('NFC')
      .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'nobody'
  )
}
