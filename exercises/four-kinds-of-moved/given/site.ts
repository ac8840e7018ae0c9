import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

/** Answers the start page and the new addresses, and 404 for everything else. */
export async function site(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(`http://localhost${request.url}`)
  const [, section, name] = pathname.split('/')

  if (pathname === '/') {
    sendPage(response, 'The shop', FORMS)
  } else if (section === 'articles' && name) {
    sendPage(response, `Article ${name}`, `<p>Page ${escaped(searchParams.get('p') ?? '1')}`)
  } else if (section === 'editions' && name) {
    sendPage(response, 'The paper', `<p>Edition of ${escaped(name)}`)
  } else if (pathname === '/orders') {
    await takeOrder(request, response)
  } else if (pathname === '/welcome' && request.method === 'GET') {
    sendPage(response, 'Welcome', '<p>You are logged in.')
  } else {
    response.statusCode = pathname === '/welcome' ? 405 : 404
    if (pathname === '/welcome') response.setHeader('Allow', 'GET')
    sendPage(response, 'Not here', `<p>${request.method} ${escaped(pathname)} leads nowhere.`)
  }
}

const FORMS = `<form method="post" action="/checkout">
  <p><label>Item <input name="item"></label>
  <p><label>Amount <input name="amount"></label>
  <p><button>Order</button>
</form>
<form method="post" action="/login">
  <p><label>User <input name="user"></label>
  <p><label>Password <input name="password" type="password"></label>
  <p><button>Log in</button>
</form>`

async function takeOrder(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    response.statusCode = 405
    response.setHeader('Allow', 'POST')
    sendPage(response, 'No order', '<p>An order comes with POST.')
    return
  }
  let content: string
  try {
    content = await text(request)
  } catch {
    // The client left in the middle of its content.
    response.writeHead(400).end()
    return
  }
  const order = new URLSearchParams(content)
  const [item, amount] = [order.get('item') ?? 'nothing', order.get('amount') ?? '0']
  sendPage(response, 'Thank you', `<p>Ordered: ${escaped(amount)} × ${escaped(item)}`)
}

function sendPage(response: ServerResponse, title: string, content: string): void {
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<h1>${escaped(title)}</h1>
${content}
</html>
`)
}

/** What came from outside stays text, whatever it looks like. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
