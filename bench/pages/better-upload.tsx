/** better-upload's hook with the least list that shows what ours does: names, progress, the end. */
import { useUploadFiles } from '@better-upload/client'
import { createRoot } from 'react-dom/client'
import { chosen, expose, untilShown } from './harness.js'

function Files({ route, onStored }: { route: string; onStored: (count: number) => void }) {
  const { upload, progresses } = useUploadFiles({
    api: '/api/better-upload',
    route,
    onUploadComplete: ({ files }) => onStored(files.length),
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

expose(async (files, { variant }) => {
  let resolve = () => {}
  const stored = new Promise<void>((done) => {
    resolve = done
  })
  const onStored = (count: number) => {
    if (count === files.length) resolve()
  }
  createRoot(document.body.appendChild(document.createElement('main'))).render(
    <Files route={variant} onStored={onStored} />,
  )
  const choose = await chosen(files)
  return async () => {
    choose()
    await stored
    await untilShown('li[data-state="complete"]', files.length)
  }
})
