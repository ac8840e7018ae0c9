// A browser is found or brought the first time one is needed (grader/record/browser/install/find-browser.ts), never by npm install.
module.exports = { skipDownload: true }
