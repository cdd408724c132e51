/** The storage's host names: the browser is told where they are, and counts its connections for each. */
export const storageHosts = ['one.storage.test', 'two.storage.test']

export const resolverRules = storageHosts.map((host) => `MAP ${host} 127.0.0.1`).join(', ')
