import type { SetUpKit } from '#grader'

type Random = SetUpKit['random']

/** Samples in a second, of one byte each. A song of four minutes has 2 MB then. */
const RATE = 8000
const HEADER_LENGTH = 44
const MIDDLE = 128

/** A melody without an end: other notes in every run, so that a person hears where the player is. */
export function createSong({ integer }: Random, seconds: number): Uint8Array {
  const notes = Array.from({ length: 8 }, () => secondOf(220 * 2 ** (integer(0, 24) / 12)))
  const samples = new Uint8Array(seconds * RATE)
  for (let second = 0; second < seconds; second++)
    samples.set(notes[integer(0, notes.length - 1)] ?? [], second * RATE)
  return asWav(samples)
}

/**
 * Half a second of noise, in which no three bytes are found twice, or hardly ever. 5000 bytes in
 * every run, so that a range beyond the end is beyond it in a program started by hand, too.
 */
export function createNoise(random: Random): Uint8Array {
  return asWav(random.bytes(5000 - HEADER_LENGTH))
}

function secondOf(frequency: number): Uint8Array {
  return Uint8Array.from({ length: RATE }, (_, index) => {
    const time = index / RATE
    return MIDDLE + 60 * Math.exp(-3 * time) * Math.sin(2 * Math.PI * frequency * time)
  })
}

/** A WAV file: PCM, one channel, 8 bits. */
function asWav(samples: Uint8Array): Uint8Array {
  const file = Buffer.alloc(HEADER_LENGTH + samples.length)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16) // Length of what describes the format.
  file.writeUInt16LE(1, 20) // PCM.
  file.writeUInt16LE(1, 22) // Channels.
  file.writeUInt32LE(RATE, 24)
  file.writeUInt32LE(RATE, 28) // Bytes in a second.
  file.writeUInt16LE(1, 32) // Bytes of a sample.
  file.writeUInt16LE(8, 34) // Bits of a sample.
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(samples.length, 40)
  file.set(samples, HEADER_LENGTH)
  return file
}
