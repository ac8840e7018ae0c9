// Throws before it does anything.
throw new TypeError('nothing was done')
