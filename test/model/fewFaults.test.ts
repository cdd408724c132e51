import { explore } from './explore.js'

explore('few faults: nothing needs a person', { patience: 2, life: 900, maxFiles: null }, 0.1)
