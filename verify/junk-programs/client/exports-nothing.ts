// Exports nothing at all.
const hidden = () => 'you cannot call this'
hidden()
