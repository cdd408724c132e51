/** Who is measured. Each has a page; `variant` tells the page how. */

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} page
 * @property {string} variant
 * @property {'bare' | 'ours' | 'peer' | 'part'} role  `part`: a part of ours, to see where time goes; judged by nothing
 * @property {'single' | 'parts' | 'any'} sends        the workloads it takes part in
 */

/** @type {readonly Contender[]} */
export const contenders = [
  { name: 'bare PUT', page: 'bare', variant: 'PUT', role: 'bare', sends: 'single' },
  { name: 'bare form POST', page: 'bare', variant: 'POST', role: 'bare', sends: 'single' },
  { name: 'bare multipart', page: 'bare', variant: 'MULTIPART', role: 'bare', sends: 'parts' },
  { name: 'file-answer-field', page: 'field', variant: '', role: 'ours', sends: 'any' },
  { name: 'its engine alone', page: 'engine', variant: '', role: 'part', sends: 'any' },
  { name: 'better-upload', page: 'better-upload', variant: 'files', role: 'peer', sends: 'single' },
  { name: 'better-upload, 8 MiB parts', page: 'better-upload', variant: 'parts-8', role: 'peer', sends: 'parts' },
  { name: 'better-upload, 50 MiB parts', page: 'better-upload', variant: 'parts-50', role: 'peer', sends: 'parts' },
]

export const builtPages = [...new Set(contenders.map(({ page }) => page))]
