// Never comes back.
export default function any() {
  for (;;);
}
