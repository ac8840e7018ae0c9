// A browser is found or brought the first time one is needed (grader/gather/find-browser.ts), never by npm install.
module.exports = { skipDownload: true }
