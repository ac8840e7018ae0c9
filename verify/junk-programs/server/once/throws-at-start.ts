// Throws before it listens.
import { readFileSync } from 'node:fs'

const settings = JSON.parse(readFileSync(new URL('./settings.json', import.meta.url), 'utf8')) as {
  port: number
}
console.log(settings.port)
