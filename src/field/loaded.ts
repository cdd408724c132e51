'use client'
/** Parts that most fields never need, loaded when they first do. */
import { useEffect, useSyncExternalStore } from 'react'

type Load<Module> = () => Promise<Module>

const modules = new Map<Load<unknown>, unknown>()
const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * A chunk's module once it is needed and there; null before, in the server's HTML, and where it can't be loaded: the
 * field works without. `load` is the same function at every render.
 */
export function useLoaded<Module>(load: Load<Module>, isNeeded = true): Module | null {
  const module = useSyncExternalStore(
    subscribe,
    () => modules.get(load) as Module | undefined,
    () => undefined,
  )
  useEffect(() => {
    if (!isNeeded || modules.has(load)) return
    load().then(
      (loaded) => {
        modules.set(load, loaded)
        for (const listener of listeners) listener()
      },
      () => {},
    )
  }, [isNeeded, load])
  return (isNeeded ? module : undefined) ?? null
}

/** Shared by rows and list, so that it is loaded once. */
export const loadLongUploads = () => import('./longUploads.js')
