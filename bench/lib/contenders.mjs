/** Who is measured. `page` is a module in pages/contenders, `variant` tells it how. */

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} page
 * @property {string} variant  for ours and the peers' own signing, the query of the call
 * @property {'bare' | 'ours' | 'part' | 'peer'} role
 *   `part`: a part of ours, to see where time goes; not judged
 * @property {string | null} bare  the bare page of the same transport, which its time is divided by; null: the scenario's
 */

const post = 'bare form POST'
const put = 'bare PUT'
const parts = 'bare parallel parts'

/** @type {readonly Contender[]} */
export const contenders = [
  { name: put, page: 'bare', variant: 'method=PUT', role: 'bare', bare: put },
  { name: post, page: 'bare', variant: 'method=POST&names=1', role: 'bare', bare: post },
  { name: 'bare form POST, two names', page: 'bare', variant: 'method=POST', role: 'bare', bare: post },
  { name: parts, page: 'bare', variant: 'method=MULTIPART', role: 'bare', bare: parts },
  { name: 'file-answer-field', page: 'field', variant: '', role: 'ours', bare: null },
  { name: 'its engine alone', page: 'engine', variant: '', role: 'part', bare: null },
  { name: 'better-upload', page: 'better-upload', variant: 'files', role: 'peer', bare: put },
  { name: 'better-upload, 8 MiB parts', page: 'better-upload', variant: 'parts-8', role: 'peer', bare: parts },
  { name: 'better-upload, 50 MiB parts', page: 'better-upload', variant: 'parts-50', role: 'peer', bare: parts },
  { name: 'react-uploady', page: 'uploady', variant: 'method=PUT', role: 'peer', bare: put },
  { name: 'react-uploady, form POST', page: 'uploady', variant: 'method=POST', role: 'peer', bare: post },
  { name: 'Uppy', page: 'uppy', variant: 'method=PUT', role: 'peer', bare: put },
  { name: 'Uppy, form POST', page: 'uppy', variant: 'method=POST', role: 'peer', bare: post },
  { name: 'FilePond', page: 'filepond', variant: 'method=PUT', role: 'peer', bare: put },
]

/** @param {string} name @returns {Contender} */
export function contenderNamed(name) {
  const found = contenders.find((contender) => contender.name === name)
  if (found === undefined) throw new RangeError(`There is no contender '${name}'.`)
  return found
}
