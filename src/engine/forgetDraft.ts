/**
 * Forgets what `persist` keeps under a name, files too: after a successful submit, or when a person signs out. An answer
 * on this page that has this name keeps only what changes later. Never rejects.
 */
export async function forgetDraft(name: string): Promise<void> {
  try {
    await (await import('./draftKeeper.js')).forgetDraft(name)
  } catch {
    // Where IndexedDB can't be had there is no draft.
  }
}
