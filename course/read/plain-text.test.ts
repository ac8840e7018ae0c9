import { expect, test } from 'vitest'
import { plainText } from './plain-text.ts'

test.each([
  ['## How long it *lives* {#how-long}', 'How long it lives'],
  ['> [!TRAP]\n> Mind `Max-Age=0`.', 'Mind Max-Age=0.'],
  ['- one\n- **two**\n\n3. three', 'one two three'],
  ['| a | b |\n| --- | :-: |\n| `x` | y |', 'a b x y'],
  [
    'It ends {{rfc 9110#3.3}}. See [the jar](/lessons/jar)[^1].\n\n[^1]: A note.',
    'It ends. See the jar. A note.',
  ],
  ['```http\nGET / HTTP/1.1\nSet-Cookie: a_b=*c*\n```', 'GET / HTTP/1.1 Set-Cookie: a_b=*c*'],
  ['before\n\n```quiz id=q\nWho?\n(x) You\n( ) I\n= So.\n```\n\nafter', 'before after'],
  ['snake_case_name and 2 * 3 * 4', 'snake_case_name and 2 * 3 * 4'],
])('%j has the words %j', (markdown, words) => expect(plainText(markdown)).toBe(words))
