/** Listens to events of some types (`'dragover drop'`) until the end that is given back. */
export function listenTo(
  target: EventTarget,
  types: string,
  listener: (event: Event) => void,
  capture = false,
): () => void {
  const ended = new AbortController()
  for (const type of types.split(' ')) target.addEventListener(type, listener, { capture, signal: ended.signal })
  return () => ended.abort()
}
