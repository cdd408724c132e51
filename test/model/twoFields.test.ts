import { explore } from './explore.js'

explore('two fields with one budget of connections', { fields: 2 }, 0.2)
