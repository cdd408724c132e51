import { explore } from './explore.js'

explore('an uncontrolled field', {}, 0.3)
