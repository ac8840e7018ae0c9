/** The HTML of /edit: reads the menu with its tag, and saves it only if it still has that tag. */
export const editPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Edit the menu</title>
<link rel="icon" href="data:,">
<h1>Edit the menu</h1>
<p><textarea id="text" rows="4" cols="60" aria-label="Menu"></textarea>
<p><button id="save">Save</button> <output id="status">Reading…</output>
<p id="conflict" hidden>Somebody else has saved the menu since you read it, so yours was not saved.
Copy your text and reload this page.
<script type="module">
  const [textarea, button, status, conflict] = ['text', 'save', 'status', 'conflict'].map((id) =>
    document.getElementById(id),
  )
  const address = '/texts/menu'
  let tag = null

  button.addEventListener('click', save)
  await read()

  async function read() {
    const response = await fetch(address, { cache: 'no-store' })
    tag = response.headers.get('ETag')
    textarea.value = await response.text()
    status.value = 'Read: ' + response.status
  }

  async function save() {
    status.value = 'Saving…'
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' }
    if (tag !== null) headers['If-Match'] = tag
    const response = await fetch(address, { method: 'PUT', headers, body: textarea.value })
    // From now on the tag of what was saved counts. Nobody has to read it again.
    if (response.ok) tag = response.headers.get('ETag')
    conflict.hidden = response.status !== 412
    status.value = (response.ok ? 'Saved: ' : 'Not saved: ') + response.status
  }
</script>
</html>
`
