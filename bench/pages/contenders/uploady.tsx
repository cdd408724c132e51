/**
 * react-uploady with the least list that shows names, progress and the end. Its URL or form comes from
 * `useRequestPreSend`, as its guide to presigned uploads has it: one call for each file.
 */
import {
  type BatchItem,
  FILE_STATES,
  Uploady,
  useBatchAddListener,
  useItemFinalizeListener,
  useItemProgressListener,
  useRequestPreSend,
  useUploady,
} from '@rpldy/uploady'
import { memo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { grantFor } from '../grants.js'
import { chosen, countdown, expose, untilShown } from '../harness.js'

const Row = memo(function Row({ id, name }: { id: string; name: string }) {
  const progress = useItemProgressListener(id)
  const [state, setState] = useState<string>('pending')
  useItemFinalizeListener((item) => setState(item.state), id)
  return (
    <li data-state={state}>
      {name} <progress value={state === FILE_STATES.FINISHED ? 100 : (progress?.completed ?? 0)} max={100} />
    </li>
  )
})

function Files({ variant, onEnd }: { variant: string; onEnd: (item: BatchItem) => void }) {
  const { upload } = useUploady()
  const [items, setItems] = useState<readonly BatchItem[]>([])
  useBatchAddListener((batch) => setItems(batch.items))
  useItemFinalizeListener(onEnd)
  useRequestPreSend(async ({ items: [item] }) => {
    if (item?.file === undefined) throw new Error('An item without its file.')
    const grant = await grantFor(variant, item.file as File)
    return grant.method === 'POST'
      ? { options: { destination: { url: grant.url, params: grant.fields } } }
      : { options: { destination: { url: grant.url, headers: grant.headers ?? {} } } }
  })
  return (
    <>
      <input
        type="file"
        multiple
        aria-label="Files"
        onChange={({ target }) => {
          if (target.files !== null) upload([...target.files])
        }}
      />
      <ul>
        {items.map(({ id, file }) => (
          <Row key={id} id={id} name={file.name} />
        ))}
      </ul>
    </>
  )
}

expose('li[data-state]', async (files, { variant }) => {
  const { done, one, fail } = countdown(files.length)
  const isForm = variant.includes('POST')
  createRoot(document.body.appendChild(document.createElement('main'))).render(
    <Uploady customInput concurrent maxConcurrent={6} method={isForm ? 'POST' : 'PUT'} sendWithFormData={isForm}>
      <Files
        variant={variant}
        onEnd={({ state, file }) => (state === FILE_STATES.FINISHED ? one() : fail(`${file.name} is ${state}`))}
      />
    </Uploady>,
  )
  const choose = await chosen(files)
  return async () => {
    choose()
    await done
    await untilShown('li[data-state="finished"]', files.length)
  }
})
