import { boldTerms, termKey } from '../lessons/glossary.ts'
import { scanFences } from '../read/fences.ts'
import { parseQuestion } from '../read/quiz.ts'
import { paragraphs, sentencesOf, wordsIn } from './prose.ts'
import type { TextMistake } from './text-mistake.ts'

const MOST_WORDS = 30

/** What a reader would stumble over in any text: it is legible, and could be better. */
export function lintStyle(markdown: string): TextMistake[] {
  return [...longSentences(markdown), ...severalSources(markdown)]
}

/** What a lesson leaves its reader alone with: a wrong option, a term. */
export function lintExplanations(
  markdown: string,
  terms: Readonly<Record<string, string>>,
): TextMistake[] {
  return [...silentOptions(markdown), ...undefinedTerms(markdown, terms)]
}

function longSentences(markdown: string): TextMistake[] {
  return paragraphs(markdown)
    .flatMap(sentencesOf)
    .flatMap(({ text, at }) => {
      const words = wordsIn(text)
      if (words <= MOST_WORDS) return []
      return [
        {
          ...at(0),
          message: `This sentence has ${words} words.`,
          remedy: `Make two of it, and say how they hang together: because, so, but. ${MOST_WORDS} words are many.`,
        },
      ]
    })
}

function severalSources(markdown: string): TextMistake[] {
  return paragraphs(markdown).flatMap((paragraph) => {
    const tags = paragraph.flatMap(({ text, index }) =>
      [...text.matchAll(/\{\{[^{}]*\}\}/g)].map((match) => ({ index, column: match.index + 1 })),
    )
    if (tags.length < 2) return []
    return [
      {
        ...tags[1]!,
        message: `This paragraph names ${tags.length} sources.`,
        remedy: 'Keep the one that a reader would open, at its end; or make two paragraphs.',
      },
    ]
  })
}

function silentOptions(markdown: string): TextMistake[] {
  return scanFences(markdown)
    .fences.filter(({ info }) => /^quiz\b/.test(info))
    .flatMap(({ info, lines, start }) => {
      const { question, optionLines } = parseQuestion(info, lines, start)
      return question.options.flatMap(({ correct, why }, position) => {
        if (correct || why !== undefined) return []
        return [
          {
            index: optionLines[position]!,
            column: 1,
            message: 'This wrong option has no sentence of its own.',
            remedy:
              'Say below it, indented by two spaces, why it is tempting and what is wrong with it.',
          },
        ]
      })
    })
}

function undefinedTerms(markdown: string, terms: Readonly<Record<string, string>>): TextMistake[] {
  const known = new Set(Object.keys(terms).map(termKey))
  return boldTerms(markdown)
    .filter(({ term }) => !known.has(termKey(term)))
    .map(({ term, index }) => ({
      index,
      column: 1,
      message: `"${term}" is bold, and nothing says what it means.`,
      remedy:
        'Write a sentence or two for the glossary into "terms" in the front matter. What is only stressed is written *so*.',
    }))
}

/** Definitions of what the lesson never sets in bold: by their keys. */
export function unusedTerms(markdown: string, terms: Readonly<Record<string, string>>): string[] {
  const bold = new Set(boldTerms(markdown).map(({ term }) => termKey(term)))
  return Object.keys(terms).filter((term) => !bold.has(termKey(term)))
}
