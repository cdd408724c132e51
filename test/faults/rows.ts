import type { Row } from './row.js'
import { grantRows } from './rows/grants.js'
import { refusalRows } from './rows/refusals.js'
import { sendingRows } from './rows/sending.js'

export const rows: readonly Row[] = [...grantRows, ...sendingRows, ...refusalRows]
