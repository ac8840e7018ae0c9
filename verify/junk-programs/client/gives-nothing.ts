// Is called, and gives nothing.
export default function any() {}
