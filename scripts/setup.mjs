// `npm run setup`: installs what the tests need beyond npm: browsers, CJK fonts, Ceph's daemons and botocore.
// On Debian as root it installs them; elsewhere it names what is missing.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0
const hasFont = () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc')

const needs = [
  {
    what: 'Chromium (browser tests, stories, end to end)',
    packages: ['chromium'],
    there: () => ['chromium', 'chromium-browser', 'google-chrome'].some(has),
  },
  { what: 'Firefox (the keyboard run and the main path)', packages: ['firefox-esr'], there: () => has('firefox-esr') },
  {
    what: 'WebKitGTK (a smoke run)',
    packages: ['webkit2gtk-driver', 'xvfb', 'xauth'],
    there: () => ['WebKitWebDriver', 'xvfb-run', 'xauth'].every(has),
  },
  {
    what: 'botocore (the example backend in Python)',
    packages: ['python3-botocore'],
    there: () => spawnSync('python3', ['-c', 'import botocore'], { stdio: 'ignore' }).status === 0,
  },
  { what: 'Noto CJK fonts (Korean screenshots)', packages: ['fonts-noto-cjk'], there: hasFont },
  {
    what: 'Ceph (the storage contract on a real gateway)',
    packages: ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'],
    there: () => ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph'].every(has),
  },
]

const missing = needs.filter(({ there }) => !there())
if (missing.length === 0) {
  console.log('Everything the tests need is here.')
} else if (has('apt-get') && process.getuid?.() === 0) {
  const packages = missing.flatMap((need) => need.packages)
  console.log(`Installing ${packages.join(' ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  })
} else {
  console.log('Missing here; please install:')
  for (const { what, packages } of missing) console.log(`- ${what}; on Debian: ${packages.join(' ')}`)
}
