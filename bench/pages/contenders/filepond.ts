/** FilePond with a `process` of the host's own, as it wants for presigned requests. */
import { create } from 'filepond'
import 'filepond/dist/filepond.min.css'
import { grantFor } from '../grants.js'
import { chosen, countdown, expose } from '../harness.js'

expose('.filepond--item', async (files, { variant }) => {
  const { done, one, fail } = countdown(files.length)
  create(document.body.appendChild(document.createElement('input')), {
    allowMultiple: true,
    allowRevert: false,
    // Two by default.
    maxParallelUploads: 6,
    // 75 ms from one row to the next by default.
    itemInsertInterval: 0,
    server: {
      process: (_field, file, _metadata, load, error, progress, abort) => {
        const xhr = new XMLHttpRequest()
        xhr.upload.onprogress = ({ lengthComputable, loaded, total }) => progress(lengthComputable, loaded, total)
        grantFor(variant, file as File).then((grant) => {
          xhr.onloadend = () =>
            xhr.status >= 200 && xhr.status < 300 ? load(String(grant.id)) : error(`${xhr.status}`)
          if (grant.method === 'POST') throw new Error('A form where a PUT was asked for.')
          xhr.open('PUT', grant.url)
          for (const [name, value] of Object.entries(grant.headers ?? {})) xhr.setRequestHeader(name, value)
          xhr.send(file)
        }, error)
        return {
          abort: () => {
            xhr.abort()
            abort()
          },
        }
      },
    },
    onprocessfile: (failed, { filename }) => (failed === null ? one() : fail(`${filename} failed`)),
  })
  const choose = await chosen(files)
  return async () => {
    choose()
    await done
  }
})
