/** A file dropped beside the field never replaces the page. */
import { listenTo } from './listenTo.js'

/** Guards a document until the end that is given back. */
export const guardPageDrops = (page: Document): (() => void) =>
  // Behind everybody who listens on the document: the host's targets, React's, a field that takes drops in its form.
  listenTo(page.defaultView ?? page, 'dragover drop', (event) => {
    const { dataTransfer, defaultPrevented } = event as DragEvent
    // A host's own drop target has said so; text and links are the page's matter.
    if (defaultPrevented || !dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    dataTransfer.dropEffect = 'none'
  })
