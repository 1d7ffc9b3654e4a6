// A button with `data-confirm` asks before its form is sent. This script is no module: it runs before
// there is a button, so that none deletes anything without the question.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});
