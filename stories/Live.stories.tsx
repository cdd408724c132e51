import type { Meta, StoryObj } from '@storybook/react-vite'
import { chooseFiles } from 'file-answer-field/testing'
import { expect, userEvent, within } from 'storybook/test'
import { createHost, type Host, isServed } from './live/host.js'
import { LiveForm } from './live/LiveForm.js'

/**
 * The whole way, on the library's own server and the embedded storage: grants, uploads, a look at what is stored, and
 * download links for a saved answer.
 */
const meta: Meta = {
  title: 'Live',
  tags: ['behaviour'],
  loaders: [async () => ({ host: createHost() })],
  render: (_, { loaded }) => <LiveForm host={loaded.host as Host} isServed={isServed} />,
}
export default meta
type Story = StoryObj

export const RoundTrip: Story = {
  name: 'Files are stored, and come back',
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await expect(canvas.queryAllByRole('note')).toHaveLength(isServed ? 0 : 1)
    const letter = new File(['Dear all, 안녕하세요.'], '지원 동기.txt', { type: 'text/plain' })
    // In parts: over 32 MiB.
    const large = new File([new Uint8Array(33 * 1024 * 1024).fill(7)], 'recording.bin')
    chooseFiles(await canvas.findByRole('group', { name: /^Documents/ }), [letter, large])
    await userEvent.click(await canvas.findByRole('button', { name: 'Send application' }))
    const back = await canvas.findByRole('link', { name: '지원 동기.txt' }, { timeout: 20_000 })
    const response = await fetch((back as HTMLAnchorElement).href)
    await expect(await response.text()).toBe('Dear all, 안녕하세요.')
    const film = await fetch((canvas.getByRole('link', { name: 'recording.bin' }) as HTMLAnchorElement).href)
    const bytes = new Uint8Array(await film.arrayBuffer())
    await expect([bytes.length, bytes.every((byte) => byte === 7)]).toEqual([large.size, true])
  },
}
