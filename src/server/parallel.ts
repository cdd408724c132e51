/** Many requests to storage, a few at a time. */

/** Requests to storage at once for one call; more only wait in the client's own queue (50 sockets by default). */
const atOnce = 16

/** `Promise.all` over a list with a bound on how many run at once; the order is kept, the first failure rejects. */
export async function inParallel<Input, Output>(
  list: readonly Input[],
  perform: (input: Input, index: number) => Promise<Output>,
): Promise<Output[]> {
  const results: Output[] = []
  const rest = list.entries()
  const worker = async () => {
    for (const [index, input] of rest) results[index] = await perform(input, index)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, worker))
  return results
}
