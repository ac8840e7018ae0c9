// What a person would write with Puppeteer alone: the visits of cookies-set-and-return, the answers
// looked at and nothing recorded, judged or explained. The measure for what grading costs on top.
import { spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import puppeteer from 'puppeteer'

const program = fileURLToPath(
  new URL('../exercises/cookies-set-and-return/solution/server.ts', import.meta.url),
)
const port = await freePort()
const base = `http://127.0.0.1:${port}`
const server = spawn(process.execPath, [program], {
  env: { ...process.env, PORT: String(port) },
  stdio: 'inherit',
})
const browser = await puppeteer.launch({
  executablePath: process.argv[2],
  headless: 'shell',
  pipe: true,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
await listening()

const cookieOf = async (context) =>
  (await context.cookies()).find(({ name }) => name === 'session')?.value
const whoami = async (page) => JSON.parse(await (await page.goto(`${base}/whoami`)).text()).cookie

const first = await browser.createBrowserContext()
const page = await first.newPage()
await page.goto(`${base}/login`)
must(await cookieOf(first))
must((await whoami(page)) === (await cookieOf(first)))
await page.goto(`${base}/some/deeper/path`)

const ada = await browser.createBrowserContext()
const ben = await browser.createBrowserContext()
const adaPage = await ada.newPage()
const benPage = await ben.newPage()
await adaPage.goto(`${base}/login`)
must((await whoami(benPage)) === null)
await benPage.goto(`${base}/login`)
must((await whoami(adaPage)) === (await cookieOf(ada)))
must((await whoami(benPage)) === (await cookieOf(ben)))
must((await cookieOf(ada)) !== (await cookieOf(ben)))
await fetch(`${base}/whoami`, { headers: { Cookie: 'lang=en; session=' } })

const neighbour = await browser.createBrowserContext()
const neighbourPage = await neighbour.newPage()
await neighbour.setCookie(
  { name: 'xsession', value: 'decoy', domain: '127.0.0.1', path: '/' },
  { name: 'a', value: 'b=c', domain: '127.0.0.1', path: '/' },
)
await neighbourPage.goto(`${base}/login`)
must((await whoami(neighbourPage)) === (await cookieOf(neighbour)))
await fetch(`${base}/whoami`, {
  headers: { Cookie: 'a=b=c;  sessions=no;session=yes ;  xsession=decoy' },
})

await browser.close()
server.kill()
console.log('passed')

function must(truth) {
  if (!truth) throw new Error('the solution did not do what it should')
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address()
      probe.close(() => resolve(free))
    })
  })
}

async function listening() {
  for (;;) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () =>
        resolve(false),
      )
      socket.on('connect', () => socket.destroy())
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
