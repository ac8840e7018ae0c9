import { authoritySpki } from '../wire/tls/authority.ts'
import type { FoundBrowser } from './install/browser-places.ts'

const DISABLED_FEATURES = [
  // Services that speak to the network.
  'Translate',
  'MediaRouter',
  'OptimizationHints',
  // Puppeteer does not follow a frame through these two, and its own launch() turns them off as
  // well.
  'ProcessPerSiteUpToMainFrameThreshold',
  'IsolateSandboxedIframes',
  // A frame of its own for every document, which no page can tell: without it a visit takes a
  // quarter less time, most of it the processor's.
  'RenderDocument',
]

/**
 * A page reaches this machine and no other: what it asks elsewhere is told, and comes to nothing.
 */
const REACHABLE = ['localhost', '*.localhost', '127.0.0.1', '::1', '[::1]']

interface Start {
  readonly kind: FoundBrowser['kind']
  readonly profile: string
  readonly sandbox: boolean
}

/**
 * What the browser is started with. It stays quiet (no first run, no updates, no synchronization,
 * no crash reports) and gives tabs in the background the same time as the one in front, since
 * visitors browse side by side. What a page can do, and may do, is left as it is.
 */
export function browserFlags({ kind, profile, sandbox }: Start): string[] {
  return [
    kind === 'shell' ? '--headless' : '--headless=new',
    '--remote-debugging-pipe',
    `--user-data-dir=${profile}`,
    ...(sandbox ? [] : ['--no-sandbox']),

    '--no-first-run',
    '--no-default-browser-check',
    '--no-startup-window',
    '--no-service-autorun',
    '--disable-background-networking',
    '--disable-breakpad',
    '--disable-client-side-phishing-detection',
    '--disable-component-extensions-with-background-pages',
    '--disable-component-update',
    '--disable-crash-reporter',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-search-engine-choice-screen',
    '--disable-sync',
    '--edge-skip-compat-layer-relaunch',
    '--metrics-recording-only',
    '--mute-audio',
    '--password-store=basic',
    '--use-mock-keychain',
    `--disable-features=${DISABLED_FEATURES.join(',')}`,

    `--host-resolver-rules=${['MAP * ~NOTFOUND', ...REACHABLE.map((host) => `EXCLUDE ${host}`)].join(', ')}`,
    // Nobody is trusted beyond those whom a browser trusts anyway, but for the authority of this
    // process.
    `--ignore-certificate-errors-spki-list=${authoritySpki()}`,

    '--disable-background-timer-throttling',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
    // Containers give /dev/shm 64 MB.
    '--disable-dev-shm-usage',
    // A dialog nobody sees would hold a page up for ever.
    '--disable-hang-monitor',
    '--disable-prompt-on-repost',

    // An ordinary visit: navigator.webdriver is false, and the machine's locale decides nothing.
    '--disable-blink-features=AutomationControlled',
    '--lang=en-US',
    '--accept-lang=en-US,en',
    '--window-size=1280,800',
  ]
}
