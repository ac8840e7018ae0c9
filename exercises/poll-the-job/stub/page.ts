const go = document.querySelector<HTMLButtonElement>('#go')!

go.addEventListener('click', () => {
  // TODO: Order the report, and ask about the job until it is over.
})
