import { defineConfig } from 'vite'

/** The stylesheet is an entry of its own: components import no CSS, so that their types and servers need none. */
export default defineConfig({
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    rollupOptions: { input: 'src/field/styles.css', output: { assetFileNames: 'styles.css' } },
  },
})
