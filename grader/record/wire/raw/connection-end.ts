import type { Socket } from 'node:net'
import type { Clock } from '../../timing/clock.ts'
import type { RawRecord } from '../../../types/index.ts'
import type { AdaptiveTimeout } from '../../timing/deadline.ts'
import { KEPT_BYTES } from '../../../types/limits.ts'
import { createWaiters } from '../../timing/waiters.ts'
import { GrowingBytes } from '../reader/growing-bytes.ts'

/** One end of a connection whose every byte the scenario decides. */
export interface ConnectionEnd {
  /** Sends bytes now; text is sent as latin1, one byte per character. */
  write(bytes: string | Uint8Array): Promise<void>
  /** Sends the bytes in pieces with a pause in between, as a slow or unlucky network would. */
  writeInPieces(
    bytes: string | Uint8Array,
    options: { size: number; everyMs: number },
  ): Promise<void>
  /**
   * Waits until what was received so far satisfies `enough`, a megabyte of it has come, the other
   * side closes, or its time is over; gives the record so far.
   */
  receive(enough?: (received: string) => boolean): Promise<RawRecord>
  /** Sends no more and goes on listening. */
  end(): void
  /** Ends both directions at once. */
  reset(): void
  record(): RawRecord
}

/** Reads a socket from now on, and keeps the first megabyte of what comes. */
export function connectionEnd(
  socket: Socket,
  clock: Clock,
  timeout: Pick<AdaptiveTimeout, 'whenever'>,
): ConnectionEnd {
  const received: { at: number; bytes: Uint8Array }[] = []
  const all = new GrowingBytes(KEPT_BYTES)
  const openedAt = clock.now()
  let ended: { how: 'closed' | 'reset'; at: number } | null = null
  const waiters = createWaiters()
  socket.setNoDelay(true)
  socket.on('data', (bytes: Buffer) => {
    const kept = all.add(bytes)
    if (kept > 0) received.push({ at: clock.now(), bytes: bytes.subarray(0, kept) })
    // More is not kept, and need not come.
    if (all.isFull) socket.pause()
    waiters.ask()
  })
  const leave = (how: 'closed' | 'reset') => {
    ended ??= { how, at: clock.now() }
    waiters.ask()
  }
  socket.on('end', () => leave('closed'))
  socket.on('error', () => leave('reset'))
  socket.on('close', waiters.ask)

  const record = (): RawRecord => ({
    kind: 'raw',
    openedAt,
    chunks: [...received],
    bytes: all.bytes,
    ended: ended?.how ?? null,
    endedAt: ended?.at ?? null,
  })
  const write = (bytes: string | Uint8Array) =>
    new Promise<void>((resolve) => socket.write(asBytes(bytes), () => resolve()))
  return {
    write,
    async writeInPieces(bytes, { size, everyMs }) {
      const whole = asBytes(bytes)
      for (let start = 0; start < whole.length && ended === null; start += size) {
        if (start > 0) await new Promise((resolve) => setTimeout(resolve, everyMs))
        await write(whole.subarray(start, start + size))
      }
    },
    async receive(enough = () => false) {
      await timeout.whenever(waiters.subscribe, () =>
        ended !== null || socket.destroyed || all.isFull || enough(text(all.bytes))
          ? true
          : undefined,
      )
      return record()
    },
    end: () => socket.end(),
    reset: () => socket.resetAndDestroy(),
    record,
  }
}

function asBytes(bytes: string | Uint8Array): Uint8Array {
  return typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
