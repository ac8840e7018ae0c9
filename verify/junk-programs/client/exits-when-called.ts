// Ends its process when it is called.
export default function any() {
  process.exit(0)
}
