// Misconception: Watching an upload changes nothing about how it is sent.
const api = document.body.dataset.api!
const msg = document.querySelector('#msg')!.textContent!
const quote = document.querySelector('#quote')!

function ask(method: string, path: string, content?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, api + path)
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      console.log(`${loaded} of ${total} bytes are sent`),
    )
    request.addEventListener('load', () => resolve(request.responseText))
    request.addEventListener('error', () => reject(new Error(`${method} ${path} failed`)))
    request.send(content)
  })
}

await ask('POST', '/feedback', JSON.stringify({ msg }))
const quotes = JSON.parse(await ask('GET', '/quotes')) as string[]
quote.textContent = quotes[0] ?? ''
