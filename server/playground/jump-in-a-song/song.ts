/** Samples in a second, of two bytes each. */
const RATE = 16_000
const HEADER_LENGTH = 44
const NOTE_LENGTH = RATE // Half a second.

/** What says where a second is in the file, and a byte in the song. */
export const song = {
  /** 9.6 MB: in a smaller file Firefox reads on to where it should jump. */
  bytes: HEADER_LENGTH + 300 * RATE * 2,
  seconds: 300,
} as const

/** The position of the first byte of a second. */
export function byteAt(second: number): number {
  return HEADER_LENGTH + Math.floor(second * RATE) * 2
}

/** The second that a byte belongs to. */
export function secondAt(byte: number): number {
  return Math.max(0, byte - HEADER_LENGTH) / (RATE * 2)
}

/**
 * Bytes of the song from one position up to another, made when they are wanted: five minutes of a
 * melody as a WAV file (PCM, one channel, 16 bits). It climbs by half a tone every 20 seconds, so a
 * listener hears where the player is.
 */
export function songBytes(first: number, end: number): Buffer {
  const last = Math.min(end, song.bytes)
  const pieces: Uint8Array[] = first < HEADER_LENGTH ? [header().subarray(first, last)] : []
  for (let at = Math.max(first, HEADER_LENGTH); at < last;) {
    const inside = (at - HEADER_LENGTH) % NOTE_LENGTH
    const note = noteAt(Math.floor((at - HEADER_LENGTH) / NOTE_LENGTH))
    const piece = note.subarray(inside, inside + last - at)
    pieces.push(piece)
    at += piece.length
  }
  return Buffer.concat(pieces)
}

function header(): Buffer {
  const bytes = Buffer.alloc(HEADER_LENGTH)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(song.bytes - 8, 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  bytes.writeUInt32LE(16, 16) // Length of what describes the format.
  bytes.writeUInt16LE(1, 20) // PCM.
  bytes.writeUInt16LE(1, 22) // Channels.
  bytes.writeUInt32LE(RATE, 24)
  bytes.writeUInt32LE(RATE * 2, 28) // Bytes in a second.
  bytes.writeUInt16LE(2, 32) // Bytes of a sample.
  bytes.writeUInt16LE(16, 34) // Bits of a sample.
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(song.bytes - HEADER_LENGTH, 40)
  return bytes
}

/** A scale of five notes: any order of them sounds well. */
const SCALE = [0, 2, 4, 7, 9]
const known = new Map<number, Buffer>()

function noteAt(index: number): Buffer {
  const step = SCALE[(index * 3 + Math.floor(index / 5)) % SCALE.length]! + Math.floor(index / 40)
  const note = known.get(step) ?? createNote(220 * 2 ** (step / 12))
  known.set(step, note)
  return note
}

function createNote(frequency: number): Buffer {
  const bytes = Buffer.alloc(NOTE_LENGTH)
  for (let index = 0; index < NOTE_LENGTH / 2; index++) {
    const time = index / RATE
    const value = Math.exp(-6 * time) * Math.sin(2 * Math.PI * frequency * time)
    bytes.writeInt16LE(Math.round(12_000 * value), index * 2)
  }
  return bytes
}
