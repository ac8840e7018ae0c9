// Runs and runs and opens no port.
setInterval(() => {}, 1000)
