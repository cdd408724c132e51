import '@testing-library/jest-dom/vitest'
import { cleanup, configure } from '@testing-library/react'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { loadDescriptions, loadDeveloperNotes } from '../../src/engine/chunks.js'

// What a test expects is there in the same turn.
await Promise.all([loadDescriptions(), loadDeveloperNotes()])

// A busy machine must not end a wait before what it waits for is there.
configure({ asyncUtilTimeout: 15_000 })

beforeEach(() => {
  vi.spyOn(console, 'error')
  vi.spyOn(console, 'warn')
})

// A warning of React's, or of ours, is a failure: hosts would see it in their tests.
afterEach(() => {
  cleanup()
  const told = [...vi.mocked(console.error).mock.calls, ...vi.mocked(console.warn).mock.calls]
  // First of all: a test that fails here must not fail the next.
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  expect(told).toEqual([])
})
