import { defineConfig } from 'vite'

/** The stylesheets are entries of their own: components import no CSS, so that their types and servers need none. */
export default defineConfig({
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    rollupOptions: {
      input: ['src/field/styles.css', 'src/field/theme-shadcn.css'],
      output: { assetFileNames: '[name][extname]' },
    },
  },
})
