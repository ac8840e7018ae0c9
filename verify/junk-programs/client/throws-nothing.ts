// Throws, but nothing that could be read.
export default function any() {
  throw undefined
}
