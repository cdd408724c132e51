/** Uppy's core, its S3 plugin and its Dashboard, without thumbnails; its list shows the rows in view. */
import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'
import '@uppy/core/css/style.min.css'
import Dashboard from '@uppy/dashboard'
import '@uppy/dashboard/css/style.min.css'
import { uppyPartSize } from '../../lib/sizes.mjs'
import { chosen, expose, withResolvers } from '../harness.js'

expose('.uppy-Dashboard-Item', async (files, { variant }) => {
  const settled = withResolvers()
  const target = document.body.appendChild(document.createElement('main'))
  const uppy = new Uppy({ autoProceed: true })
    .use(Dashboard, { target, inline: true, disableThumbnailGenerator: true })
    .use(AwsS3, {
      // Its default: as many as the browser has connections.
      limit: 6,
      // Its default too: from 100 MB on.
      shouldUseMultipart: ({ size }) => (size ?? 0) > 100 * 1024 * 1024,
      getChunkSize: () => uppyPartSize,
      // A request to be signed has no size, and the sink wants to know it.
      generateObjectKey: ({ size, name }) => `${size}-${name}`,
      async signRequest(request) {
        const response = await fetch(`/api/uppy?${variant}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(request),
        })
        return response.json()
      },
    })
  uppy.on('complete', ({ successful, failed }) => {
    if (successful?.length === files.length) settled.resolve()
    else settled.reject(new Error(`${failed?.length} of ${files.length} files failed`))
  })
  const choose = await chosen(files)
  return async () => {
    choose()
    await settled.promise
  }
})
