/** Drags a row of a list by the pointer: the others make room, and nothing is moved before it is dropped. */
import { givesWay, placeOf } from './places.js'

/** So near to the edge of what is seen, the page goes along, px. */
const edgePx = 56
/** So far at each frame. */
const stepPx = 12

/** What scrolls around a list: the nearest that does, else the page. */
function scrollerOf(node: Element): Element {
  for (let outer = node.parentElement; outer !== null; outer = outer.parentElement) {
    const { overflowY } = getComputedStyle(outer)
    if ((overflowY === 'auto' || overflowY === 'scroll') && outer.scrollHeight > outer.clientHeight) return outer
  }
  return node.ownerDocument.scrollingElement ?? node.ownerDocument.documentElement
}

/** `onDropped` is given the row whose place it takes, if it takes one. Escape, a list that changes, and a lost pointer call it off. */
export function dragRow(row: HTMLElement, start: PointerEvent, onDropped: (place: HTMLElement) => void): void {
  const list = row.parentElement
  const page = row.ownerDocument
  const view = page.defaultView
  if (list === null || view === null) return
  const rows = (Array.from(list.children) as HTMLElement[]).filter(({ dataset }) => dataset.key !== undefined)
  const from = rows.indexOf(row)
  const extents = rows.map((each) => each.getBoundingClientRect())
  const next = extents[from + 1] ?? extents[from - 1]
  const own = extents[from]
  if (own === undefined || next === undefined) return
  /** What the others give way by: the row and the gap beside it. */
  const span = own.height + Math.max(0, Math.max(next.top - own.bottom, own.top - next.bottom))
  const scroller = scrollerOf(list)
  const scrolledFrom = scroller.scrollTop
  const ended = new AbortController()
  const options = { signal: ended.signal }
  let pointerY = start.clientY
  let to = from
  let frame = 0

  function show(): void {
    const by = pointerY - start.clientY + scroller.scrollTop - scrolledFrom
    row.style.translate = `0 ${by}px`
    const place = placeOf(extents, from, by)
    if (place === to) return
    to = place
    for (const [index, each] of rows.entries()) {
      if (index === from) continue
      const way = givesWay(index, from, to, span)
      each.style.translate = way === 0 ? '' : `0 ${way}px`
    }
  }

  /** Goes along with the pointer at the edge, frame by frame. */
  function follow(): void {
    const isPage = scroller === page.scrollingElement
    const { top, bottom } = isPage ? { top: 0, bottom: view?.innerHeight ?? 0 } : scroller.getBoundingClientRect()
    if (pointerY < top + edgePx) scroller.scrollTop -= stepPx
    else if (pointerY > bottom - edgePx) scroller.scrollTop += stepPx
    show()
    frame = view?.requestAnimationFrame(follow) ?? 0
  }

  function end(isDropped: boolean): void {
    ended.abort()
    observer.disconnect()
    view?.cancelAnimationFrame(frame)
    list?.removeAttribute('data-sorting')
    row.removeAttribute('data-dragged')
    for (const each of rows) each.style.translate = ''
    const place = rows[to]
    if (isDropped && to !== from && place !== undefined) onDropped(place)
  }

  const observer = new MutationObserver(() => end(false))
  observer.observe(list, { childList: true })
  list.setAttribute('data-sorting', '')
  row.setAttribute('data-dragged', '')
  row.setPointerCapture?.(start.pointerId)
  row.addEventListener('pointermove', ({ clientY }) => (pointerY = clientY), options)
  row.addEventListener('pointerup', () => (show(), end(true)), options)
  row.addEventListener('pointercancel', () => end(false), options)
  row.addEventListener('lostpointercapture', () => end(false), options)
  page.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape') return
      // A dialog around the field stays open.
      event.preventDefault()
      event.stopPropagation()
      end(false)
    },
    { ...options, capture: true },
  )
  follow()
}
