import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [react()],
  test: {
    testTimeout: 30_000,
    include: ['test/*.test.ts'],
    environmentOptions: { jsdom: { url: 'http://localhost:3000' }, happyDOM: { url: 'http://localhost:3000' } },
  },
})
