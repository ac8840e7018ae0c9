// Every character beyond ASCII as \u…, quotation marks escaped: JSON of ASCII alone.
function asJson(text: string): string {
  const escaped = [...text].map((character) => {
    if (/[\w ]/.test(character)) return character
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `{ "msg": "${escaped.join('')}" }`
}

window.addEventListener('load', async () => {
  const api = document.body.getAttribute('data-api')
  const msg = document.querySelector('#msg')?.firstChild?.nodeValue ?? ''
  const content = new Blob([asJson(msg)])
  const sent = await fetch(new Request(`${api}/feedback`, { method: 'post', body: content }))
  if (sent.status !== 201) return
  const { body } = await fetch(`${api}/quotes`)
  let text = ''
  for await (const part of body!.pipeThrough(new TextDecoderStream()) as any) text += part
  document.querySelector('#quote')!.textContent = JSON.parse(text)[0]
})
