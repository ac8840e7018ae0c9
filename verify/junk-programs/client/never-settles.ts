// Promises an answer and never gives one.
export default function any() {
  return new Promise(() => {})
}
