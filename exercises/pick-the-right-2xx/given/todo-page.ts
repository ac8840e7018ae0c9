/**
 * The HTML of the to-do list. Its script decides by statuses and Location alone, and reads content
 * only after 200.
 */
export const todoPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>To do</title>
<link rel="icon" href="data:,">
<h1>To do</h1>
<form id="add">
  <input id="text" aria-label="What is to be done" required> <button>Add</button>
</form>
<ul id="list"></ul>
<p><output id="state">Waiting…</output>
<script type="module">
  const [form, input, list, state] = ['add', 'text', 'list', 'state'].map((id) =>
    document.getElementById(id),
  )

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    attempt('Not added', add)
  })
  attempt('Not read', read)

  async function read() {
    const listed = await ask('GET', '/todos', 200)
    for (const todo of await listed.json()) show('/todos/' + encodeURIComponent(todo.id), todo)
    return 'Read'
  }

  async function add() {
    const created = await ask('POST', '/todos', 201, { text: input.value })
    const location = created.headers.get('Location')
    if (location === null) throw new Error('201, but no Location')
    const address = new URL(location, created.url).href
    const found = await ask('GET', address, 200)
    show(address, await found.json())
    return 'Added'
  }

  async function complete(address, box) {
    box.checked = false
    await ask('POST', address + '/done', 204)
    box.checked = box.disabled = true
    return 'Done'
  }

  async function remove(address, row) {
    await ask('DELETE', address, 204)
    row.remove()
    return 'Deleted'
  }

  function show(address, { text, done }) {
    const box = Object.assign(document.createElement('input'), { type: 'checkbox' })
    box.ariaLabel = 'Done: ' + text
    box.checked = box.disabled = done
    const button = document.createElement('button')
    button.textContent = 'Delete'
    button.ariaLabel = 'Delete: ' + text
    const row = document.createElement('li')
    row.append(box, ' ', text, ' ', button)
    box.addEventListener('click', () => attempt('Not done', () => complete(address, box)))
    button.addEventListener('click', () => attempt('Not deleted', () => remove(address, row)))
    list.append(row)
  }

  async function attempt(failure, action) {
    state.value = 'Waiting…'
    try {
      state.value = await action()
    } catch (error) {
      state.value = failure + ': ' + error.message
    }
  }

  async function ask(method, address, expected, content) {
    const json = { body: JSON.stringify(content), headers: { 'Content-Type': 'application/json' } }
    const response = await fetch(address, { method, cache: 'no-store', ...(content && json) })
    if (response.status !== expected) throw new Error(response.status)
    return response
  }
</script>
</html>
`
