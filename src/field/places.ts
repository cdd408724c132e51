/** Where a row comes to stand while it is dragged. Pure. */

export interface Extent {
  readonly top: number
  readonly height: number
}

/** The place of the row `from`, moved by so many px: before every row whose middle its middle has not passed. */
export function placeOf(rows: readonly Extent[], from: number, by: number): number {
  const moved = rows[from]
  if (moved === undefined) return from
  const middleOf = ({ top, height }: Extent) => top + height / 2
  // The edge that leads: rows of unequal heights change places when it passes their middle.
  const edge = by < 0 ? moved.top + by : moved.top + moved.height + by
  return rows.reduce((place, row, index) => {
    if (index < from && edge < middleOf(row)) return place - 1
    return index > from && edge > middleOf(row) ? place + 1 : place
  }, from)
}

/** How far, px, another row gives way to the one that is dragged from one place to another. */
export function givesWay(index: number, from: number, to: number, span: number): number {
  if (index > from && index <= to) return -span
  return index < from && index >= to ? span : 0
}
