// TypeScript 7 checks side-effect imports too: `import 'file-answer-field/styles.css'` needs a declaration.
import { writeFileSync } from 'node:fs'

writeFileSync(new URL('../dist/styles.css.d.ts', import.meta.url), 'export {}\n')
