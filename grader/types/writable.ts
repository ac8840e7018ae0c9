/** What is read-only to everybody else, for the one who makes it. */
export type Writable<Thing> = { -readonly [Property in keyof Thing]: Thing[Property] }
