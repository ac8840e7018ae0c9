import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { Client, Pool } from 'pg'
import { expect, test } from 'vitest'
import { StoreError } from '../store-error.ts'
import { explainPostgresError } from './explain-postgres-error.ts'
import { isPassing, troubleOf, type Trouble } from './trouble-of.ts'

const from = (code: string, message = code) =>
  Object.assign(new Error(message), { code, severity: 'FATAL' })
const socket = (code: string, syscall?: string) =>
  Object.assign(new Error(`${syscall} ${code}`), { code, ...(syscall && { syscall }) })

test.each<[Error, Trouble | undefined, isPassing: boolean]>([
  [from('57P01', 'terminating connection due to administrator command'), 'away', true],
  [from('57P02'), 'away', true],
  [from('57P03', 'the database system is starting up'), 'away', true],
  [from('57P03', 'the database system is in recovery mode'), 'away', true],
  [from('57P05'), 'away', true],
  [from('08006'), 'away', true],
  [from('08P01', 'server conn crashed?'), 'away', true],
  [from('25P03'), 'away', true],
  [from('53300', 'sorry, too many clients already'), 'busy', true],
  [from('53200', 'out of memory'), 'busy', true],
  [from('40001'), 'busy', true],
  [from('40P01'), 'busy', true],
  [from('55P03'), 'busy', true],
  [from('57014', 'canceling statement due to statement timeout'), 'busy', true],
  [from('53100', 'could not extend file: No space left on device'), 'disk-full', true],
  [from('25006', 'cannot execute INSERT in a read-only transaction'), 'read-only', true],
  [from('42501', 'permission denied for table learners'), 'read-only', false],
  [from('XX002'), 'damaged', false],
  [from('28P01', 'password authentication failed'), 'unreachable', false],
  [from('3D000'), 'unreachable', false],
  [from('57P04'), 'unreachable', false],
  [from('42P01', 'relation does not exist'), undefined, false],
  [from('23505', 'duplicate key'), undefined, false],
  [socket('ECONNREFUSED', 'connect'), 'away', true],
  [socket('ECONNRESET', 'read'), 'away', true],
  [socket('ECONNRESET'), 'away', true],
  [socket('EPIPE', 'write'), 'away', true],
  [socket('ETIMEDOUT', 'connect'), 'away', true],
  [socket('EAI_AGAIN', 'getaddrinfo'), 'away', true],
  [socket('ENOENT', 'connect'), 'away', true],
  [socket('EMFILE', 'connect'), 'away', true],
  [socket('ERR_STREAM_DESTROYED'), 'away', true],
  [socket('DEPTH_ZERO_SELF_SIGNED_CERT'), 'away', true],
  [socket('ERR_TLS_CERT_ALTNAME_INVALID'), 'away', true],
  [new AggregateError([socket('ECONNREFUSED', 'connect')]), 'away', true],
  [new Error('timeout exceeded when trying to connect'), 'away', true],
  [new Error('Connection terminated unexpectedly'), 'away', true],
  [new Error('Connection terminated due to connection timeout'), 'away', true],
  [new Error('timeout expired'), 'away', true],
  [new Error('Query read timeout'), 'away', true],
  [new Error('Client was closed and is not queryable'), 'away', true],
  [new Error('Client has encountered a connection error and is not queryable'), 'away', true],
  [new Error('Cannot use a pool after calling end on the pool'), 'away', true],
  // Faults of ours, and of somebody who left, are none of the database's.
  [socket('ENOENT', 'open'), undefined, false],
  [socket('EACCES', 'mkdir'), undefined, false],
  [Object.assign(new TypeError('x'), { code: 'ERR_INVALID_ARG_TYPE' }), undefined, false],
  [Object.assign(socket('ECONNABORTED'), { status: 400 }), undefined, false],
  [new TypeError('row.timeout is undefined'), undefined, false],
])('%s', (error, trouble, passes) => {
  expect([troubleOf(error), isPassing(error)]).toEqual([trouble, passes])
  const explained = explainPostgresError(error)
  if (trouble === undefined) return expect(explained).toBe(error)
  expect(explained).toBeInstanceOf(StoreError)
  expect(explained).toMatchObject({ kind: trouble })
  // What was explained before passes as what it is.
  expect(isPassing(explained)).toBe(passes)
})

test('what pg itself throws, where nobody listens and where nobody answers', async () => {
  const at = (options: object) => ({ host: '127.0.0.1', user: 'u', database: 'd', ...options })
  const refused = await new Client(at({ port: 1 })).connect().catch((error: unknown) => error)
  expect(troubleOf(refused)).toBe('away')
  const nowhere = await new Client(at({ host: '/nowhere' }))
    .connect()
    .catch((error: unknown) => error)
  expect(troubleOf(nowhere)).toBe('away')
  const ended = new Pool(at({ port: 1 }))
  await ended.end()
  expect(troubleOf(await ended.query('SELECT 1').catch((error: unknown) => error))).toBe('away')
})

test('what Node throws for a file, and for a port that is no database’s', async () => {
  expect(troubleOf(await readFile('/nowhere').catch((error: unknown) => error))).toBeUndefined()
  const refused = await new Promise((resolve) => connect(1, '127.0.0.1').on('error', resolve))
  expect(troubleOf(refused)).toBe('away')
})
