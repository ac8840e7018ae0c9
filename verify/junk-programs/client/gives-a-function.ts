// Gives what cannot be handed to another process.
export default function any() {
  return () => {}
}
