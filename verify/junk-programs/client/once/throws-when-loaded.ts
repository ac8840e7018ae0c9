// Throws before anything could be called.
throw new Error('never loaded')
