import type { Row } from './row.js'
import { browserRows } from './rows/browser.js'
import { fileRows } from './rows/files.js'
import { grantRows } from './rows/grants.js'
import { reactRows } from './rows/react.js'
import { refusalRows } from './rows/refusals.js'
import { sendingRows } from './rows/sending.js'
import { slownessRows } from './rows/slowness.js'

export const rows: readonly Row[] = [
  ...grantRows,
  ...sendingRows,
  ...refusalRows,
  ...slownessRows,
  ...browserRows,
  ...fileRows,
  ...reactRows,
]
