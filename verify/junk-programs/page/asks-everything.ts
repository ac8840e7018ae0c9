// Sends requests in every direction and looks at no answer.
for (const address of Object.values(document.body.dataset)) {
  for (const path of ['/', '/feedback', '/quotes']) {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
      void fetch(`${address}${path}`, { method, headers: { 'X-Junk': 'yes' } }).catch(() => {})
  }
}
