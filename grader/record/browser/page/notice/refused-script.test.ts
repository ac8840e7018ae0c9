import { describe, expect, test } from 'vitest'
import { isSourceOfPage, refusedScript, shownAsText } from './refused-script.ts'

// As Chromium 153 writes them into the console.
describe('refusedScript', () => {
  test.each([
    [
      "Executing inline script violates the following Content Security Policy directive 'script-src 'self''. Either the 'unsafe-inline' keyword, a hash ('sha256-GfV6DSHIwBscRt0+xsa90g7kijNGkZeCo6CplpvNfis='), or a nonce ('nonce-...') is required to enable inline execution. The action has been blocked.",
      "“Executing inline script violates the following Content Security Policy directive 'script-src 'self''.” The Content-Security-Policy of the page",
    ],
    [
      "Executing inline event handler violates the following Content Security Policy directive 'script-src 'self''. Either the 'unsafe-inline' keyword is required. The action has been blocked.",
      "“Executing inline event handler violates the following Content Security Policy directive 'script-src 'self''.”",
    ],
    [
      "Loading the script 'http://127.0.0.1:39897/a.js' violates the following Content Security Policy directive: \"script-src 'none'\". Note that 'script-src-elem' was not explicitly set. The action has been blocked.",
      "“Loading the script '/a.js' violates the following Content Security Policy directive: \"script-src 'none'\".”",
    ],
    [
      "Connecting to 'http://127.0.0.1:39897/a.js' violates the following Content Security Policy directive: \"connect-src 'none'\". The action has been blocked.",
      "“Connecting to '/a.js' violates the following Content Security Policy directive: \"connect-src 'none'\".”",
    ],
    [
      "Blocked script execution in 'http://127.0.0.1:39897/sandbox' because the document's frame is sandboxed and the 'allow-scripts' permission is not set.",
      "“Blocked script execution in '/sandbox' because the document's frame is sandboxed and the 'allow-scripts' permission is not set.”",
    ],
    [
      "This document requires 'TrustedHTML' assignment. The action has been blocked.",
      "“This document requires 'TrustedHTML' assignment.”",
    ],
    [
      "Refused to execute script from 'http://127.0.0.1:39897/plain.js' because its MIME type ('text/plain') is not executable, and strict MIME type checking is enabled.",
      'is not executable, and strict MIME type checking is enabled.” Send a script with Content-Type: text/javascript.',
    ],
    [
      'Failed to load module script: Expected a JavaScript-or-Wasm module script but the server responded with a MIME type of "text/plain". Strict MIME type checking is enforced for module scripts per HTML spec.',
      'responded with a MIME type of "text/plain".” Send a script with Content-Type: text/javascript.',
    ],
  ])('quotes “%s”', (text, says) => {
    expect(refusedScript(text)?.say).toContain(says)
  })

  test.each([
    "Applying inline style violates the following Content Security Policy directive 'style-src 'none''. Either the 'unsafe-inline' keyword is required. The action has been blocked.",
    "Loading the image 'http://127.0.0.1:1/a.png' violates the following Content Security Policy directive: \"img-src 'none'\". The action has been blocked.",
    "The Content Security Policy 'script-src 'self'' was delivered via a <meta> element outside the document's <head>, which is disallowed. The policy has been ignored.",
    'Failed to load resource: the server responded with a status of 404 (Not Found)',
    'an error of the page that speaks of a Content Security Policy',
  ])('says nothing of “%s”', (text) => {
    expect(refusedScript(text)).toBeUndefined()
  })
})

test.each([
  ['text/plain', 'because its Content-Type is text/plain.'],
  ['application/json', 'because its Content-Type is application/json.'],
  [undefined, 'because no Content-Type says that it is HTML.'],
  ['', 'because no Content-Type says that it is HTML.'],
])('a page with the Content-Type %s', (contentType, says) => {
  expect(shownAsText('/start', contentType).say).toContain(says)
})

test.each([
  ['<!doctype html><script>1</script>', true],
  ['<SCRIPT type="module">', true],
  ['a text on scripts', false],
  ['<scripture>', false],
])('the source of a page: %s %s', (text, expected) => {
  expect(isSourceOfPage(text)).toBe(expected)
})
