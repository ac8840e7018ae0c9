// Throws whenever it is called.
export default async function any() {
  throw new Error('not today')
}
