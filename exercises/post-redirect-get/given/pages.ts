/** An entry of the guestbook. You choose the ids. */
export interface Entry {
  id: number | string
  name: string
  message: string
}

/** The guestbook's HTML: the form, and all entries. */
export function guestbookPage(entries: Iterable<Entry>): string {
  const items = Array.from(entries, (entry) => `<li>${quoted(entry)}</li>`)
  return page(
    'Guestbook',
    `<form method="post" action="/sign">
  <p><label>Your name <input name="name"></label>
  <p><label>Your message <input name="message"></label>
  <p><button>Sign</button>
</form>
<ul>
${items.join('\n')}
</ul>`,
  )
}

/** The HTML that thanks for one entry, and quotes it. */
export function thanksPage(entry: Entry): string {
  return page('Thank you', `<p>${quoted(entry)}\n<p><a href="/">To the guestbook</a>`)
}

function quoted({ name, message }: Entry): string {
  return `<q>${escaped(message)}</q> ${escaped(name)}`
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${title}</title>
<link rel="icon" href="data:,">
<h1>${title}</h1>
${content}
</html>
`
}

/** What a visitor typed stays text, whatever it looks like. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
