// Ends before it has done anything.
console.log('done')
