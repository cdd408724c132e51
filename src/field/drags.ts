/** Files that are dragged over an area of the page, and dropped there. Knows the DOM alone. */
import { type Accept, acceptAttribute, accepts } from '../protocol/accept.js'
import { listenTo } from './listenTo.js'

/**
 * Whether files are over the area. A browser tells types only, and none where the system knows none: `unknown` until
 * the drop.
 */
export type DragState = 'accept' | 'unknown' | 'none'

const areFiles = (transfer: DataTransfer | null): transfer is DataTransfer => transfer?.types.includes('Files') === true

/** What is known of dragged files before they are dropped: never that they may not enter. */
export function dragStateOf({ items }: DataTransfer, accept: Accept | undefined): DragState {
  const files = [...(items ?? [])].filter(({ kind }) => kind === 'file')
  // Of a listed extension the types are known too.
  const rule = acceptAttribute(accept)
  const isAccepted = ({ type }: DataTransferItem) => type !== '' && accepts(rule, { name: '', type })
  return files.length > 0 && files.every(isAccepted) ? 'accept' : 'unknown'
}

/**
 * Watches drags over an element and, where one is given, the wider area around it, until the end that is given back.
 * What another drop target has taken, and what is no file, is left to the page; so is everything while `isBlocked`.
 *
 * The element takes before the host's page does, which may refuse drops everywhere to keep itself. In the wider area
 * the host's own drop targets come first: React tells them of an event when it has reached the document.
 */
export function watchDrags(
  field: Element,
  around: Element | null,
  o: {
    isBlocked(event: Event): boolean
    /** Files came over the area; null: they left, or were dropped. */
    onDrag(transfer: DataTransfer | null): void
    onDrop(transfer: DataTransfer): void
  },
): () => void {
  /** The innermost node that the drag is over. Leaves come after enters, and not at all from nodes that went meanwhile. */
  let over: EventTarget | undefined
  let seen: Event | undefined
  const end = () => {
    if (over === undefined) return
    over = undefined
    o.onDrag(null)
  }
  const inside = (event: Event) => {
    seen = event
    const { type, dataTransfer, defaultPrevented } = event as DragEvent
    const [target] = event.composedPath()
    if (type === 'dragleave') return target === over ? end() : undefined
    if (!areFiles(dataTransfer) || defaultPrevented || o.isBlocked(event)) return end()
    event.preventDefault()
    if (type === 'drop') {
      end()
      return o.onDrop(dataTransfer)
    }
    dataTransfer.dropEffect = 'copy'
    const isNew = over === undefined
    over = target
    if (isNew) o.onDrag(dataTransfer)
  }
  const onPage = (event: Event) => {
    if (event === seen) return
    if (around !== null && event.composedPath().includes(around)) inside(event)
    // A leave elsewhere says nothing of this area.
    else if (event.type !== 'dragleave') end()
  }
  const types = 'dragenter dragover dragleave drop'
  const ends = [listenTo(field, types, inside), listenTo(field.ownerDocument, types, onPage)]
  return () => {
    for (const end of ends) end()
  }
}
