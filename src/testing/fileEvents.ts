/**
 * Events that carry files, as a browser makes them. Test DOMs lack DataTransfer, DragEvent or ClipboardEvent, or have
 * hollow ones: there the same members are put on a plain event.
 */

type Carrier = 'dataTransfer' | 'clipboardData'

/** A real DataTransfer with these files, or null where the DOM has none that works. */
export function realTransfer(files: readonly File[]): DataTransfer | null {
  if (typeof DataTransfer === 'undefined') return null
  try {
    const transfer = new DataTransfer()
    for (const file of files) transfer.items.add(file)
    return transfer.files.length === files.length ? transfer : null
  } catch {
    return null
  }
}

/** A list of files as an input and a drop have it: indexed, with `item()`, iterable. */
export function fileList(files: readonly File[]): FileList {
  const list = { length: files.length, item: (index: number) => files[index] ?? null }
  const indexed = Object.assign(list, { ...files }, { [Symbol.iterator]: () => files[Symbol.iterator]() })
  return indexed as unknown as FileList
}

/** What handlers read of a DataTransfer, for DOMs without one. */
function standInTransfer(files: readonly File[]): object {
  return {
    dropEffect: 'none',
    effectAllowed: 'all',
    types: ['Files'],
    files: fileList(files),
    items: files.map((file) => ({ kind: 'file', type: file.type, getAsFile: () => file })),
    getData: () => '',
  }
}

/** An event of a type that carries files; bubbles, can be cancelled, leaves shadow roots. */
export function fileEvent(type: string, carrier: Carrier, files: readonly File[]): Event {
  const init = { bubbles: true, cancelable: true, composed: true }
  const transfer = realTransfer(files)
  // Happy DOM tells the files' types instead of `Files`, by which drop zones know a drag of files.
  if (transfer?.types.includes('Files')) {
    const real =
      carrier === 'dataTransfer'
        ? typeof DragEvent === 'undefined'
          ? null
          : new DragEvent(type, { ...init, dataTransfer: transfer })
        : typeof ClipboardEvent === 'undefined'
          ? null
          : new ClipboardEvent(type, { ...init, clipboardData: transfer })
    // Happy DOM's constructors take the member and drop it.
    if (real !== null && Reflect.get(real, carrier)?.files?.length === files.length) return real
  }
  const event = new Event(type, init)
  Object.defineProperty(event, carrier, { configurable: true, value: standInTransfer(files) })
  return event
}

/**
 * Dispatches as a person's act: not within React's `act`, whose warnings would be false here. Testing Library's own
 * waits (`findBy…`) see what comes of it.
 */
export function dispatch(target: EventTarget, ...events: readonly Event[]): void {
  const page = globalThis as { IS_REACT_ACT_ENVIRONMENT?: unknown }
  const before = page.IS_REACT_ACT_ENVIRONMENT
  if (before !== undefined) page.IS_REACT_ACT_ENVIRONMENT = false
  try {
    for (const event of events) target.dispatchEvent(event)
  } finally {
    if (before !== undefined) page.IS_REACT_ACT_ENVIRONMENT = before
  }
}
