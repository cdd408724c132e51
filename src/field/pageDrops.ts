/** A file dropped beside the field never replaces the page. One pair of listeners for all fields of a document. */

const guarded = new WeakMap<Document, number>()

function refuse(event: DragEvent): void {
  // A host's own drop target has said so; text and links are the page's matter.
  if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return
  event.preventDefault()
  event.dataTransfer.dropEffect = 'none'
}

/** Guards a document until the end that is given back. */
export function guardPageDrops(page: Document): () => void {
  // Behind everybody who listens on the document: the host's targets, React's, a field that takes drops in its form.
  const last = page.defaultView ?? page
  const count = guarded.get(page) ?? 0
  guarded.set(page, count + 1)
  if (count === 0) {
    last.addEventListener('dragover', refuse as EventListener)
    last.addEventListener('drop', refuse as EventListener)
  }
  return () => {
    const left = (guarded.get(page) ?? 1) - 1
    guarded.set(page, left)
    if (left > 0) return
    last.removeEventListener('dragover', refuse as EventListener)
    last.removeEventListener('drop', refuse as EventListener)
  }
}
