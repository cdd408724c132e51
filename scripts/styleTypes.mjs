// TypeScript 7 checks side-effect imports too: `import 'file-answer-field/styles.css'` needs a declaration.
import { writeFileSync } from 'node:fs'

for (const name of ['styles', 'theme-shadcn'])
  writeFileSync(new URL(`../dist/${name}.css.d.ts`, import.meta.url), 'export {}\n')
