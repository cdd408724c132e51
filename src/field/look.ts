'use client'
/** How the host wants the list to look and what its rows offer. */
import { useMemo } from 'react'
import { useLoaded } from './loaded.js'
import type { FileAnswerFieldProps } from './props.js'
import type { Parts } from './slots.js'

const loadSorting = () => import('./sorting.js')

export interface Look {
  readonly layout: 'list' | 'compact'
  readonly hasThumbnails: boolean
  readonly pauseButtons: 'large' | 'all' | 'none'
  readonly removeKeys: boolean
  readonly components: Partial<Parts>
  /** Rows can be moved: what they need for it, once it is there. */
  readonly sorting: Awaited<ReturnType<typeof loadSorting>> | null
}

const noComponents: Partial<Parts> = {}

export function useLook(props: Omit<FileAnswerFieldProps, 'ref'>): Look {
  const {
    layout = 'list',
    thumbnails = true,
    pauseButtons = 'large',
    removeKeys = true,
    sortable = false,
    components = noComponents,
  } = props
  const sorting = useLoaded(loadSorting, sortable)
  const hasThumbnails = thumbnails && layout === 'list'
  return useMemo(
    () => ({ layout, hasThumbnails, pauseButtons, removeKeys, components, sorting }),
    [layout, hasThumbnails, pauseButtons, removeKeys, components, sorting],
  )
}
