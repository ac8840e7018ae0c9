import type { Frame as BrowserFrame } from 'puppeteer'
import type { ConsoleResult } from '../../../types/index.ts'
import { asLeft } from './ask-tab.ts'
import type { TabAtWork } from './tab-at-work.ts'

/**
 * The value of an expression in the page of an `<iframe>`, or what it threw. A frame of another
 * site may have a process of its own; Puppeteer finds it there.
 */
export async function evaluateInFrame(
  { tab }: TabAtWork,
  selector: string,
  expression: string,
): Promise<Pick<ConsoleResult, 'value' | 'error'> & { readonly url: string | null }> {
  const frame = await frameOf(tab, selector)
  if (!frame) return { value: undefined, error: `no frame matches ${selector}`, url: null }
  const url = frame.url()
  try {
    return { value: await frame.evaluate(expression), error: null, url }
  } catch (error) {
    if (!(error instanceof Error)) return { value: undefined, error: String(error), url }
    return { ...wasLeft(error), url }
  }
}

async function frameOf(tab: TabAtWork['tab'], selector: string): Promise<BrowserFrame | null> {
  const element = await tab.$(selector)
  try {
    return (await element?.contentFrame()) ?? null
  } finally {
    void element?.dispose().catch(() => {})
  }
}

/** What the expression threw is an answer; that the page was left is another. */
function wasLeft(error: Error): Pick<ConsoleResult, 'value' | 'error'> {
  try {
    return asLeft(error)
  } catch {
    const { name, message } = error
    return { value: undefined, error: message.startsWith(name) ? message : `${name}: ${message}` }
  }
}
