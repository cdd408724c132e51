/** better-upload's hook with the least list that shows what ours does: names, progress, the end. */
import { useUploadFiles } from '@better-upload/client'
import { createRoot } from 'react-dom/client'
import { chosen, expose, untilShown, withResolvers } from '../harness.js'

function Files({ route, onSettled }: { route: string; onSettled: (stored: number) => void }) {
  const { upload, progresses } = useUploadFiles({
    api: '/api/better-upload',
    route,
    // None by default; these outlast a line that is lost for two seconds.
    retry: 10,
    retryDelay: 500,
    onUploadSettle: ({ files }) => onSettled(files.length),
  })
  return (
    <>
      <input
        type="file"
        multiple
        aria-label="Files"
        onChange={({ target }) => {
          if (target.files !== null) void upload(target.files)
        }}
      />
      <ul>
        {progresses.map(({ objectInfo, name, status, progress }) => (
          <li key={objectInfo.key} data-state={status}>
            {name} <progress value={progress} />
          </li>
        ))}
      </ul>
    </>
  )
}

expose('li[data-state]', async (files, { variant }) => {
  const settled = withResolvers()
  const onSettled = (stored: number) => {
    if (stored === files.length) settled.resolve()
    else settled.reject(new Error(`${files.length - stored} of ${files.length} files failed`))
  }
  createRoot(document.body.appendChild(document.createElement('main'))).render(
    <Files route={variant} onSettled={onSettled} />,
  )
  const choose = await chosen(files)
  return async () => {
    choose()
    await settled.promise
    await untilShown('li[data-state="complete"]', files.length)
  }
})
