/**
 * What Promise.all() gives, and rejects with, once every one has settled: where one fails, or a
 * signal ends them all, each of the others cleans up first.
 */
export async function settleAll<All extends readonly unknown[] | []>(
  all: All,
): Promise<{ -readonly [Index in keyof All]: Awaited<All[Index]> }> {
  await Promise.allSettled(all)
  return Promise.all(all)
}
