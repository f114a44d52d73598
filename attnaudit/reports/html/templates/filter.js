"use strict";
// Without this script every document is shown, and the form that would do nothing is not.
const form = document.getElementById("filter");
const cards = document.querySelectorAll("article.document");
function apply() {
  const predicted = form.elements.predicted.value;
  const right = form.elements.right ? form.elements.right.value : "";
  const outcome = form.elements.outcome.value;
  let shown = 0;
  for (const card of cards) {
    const keep =
      (predicted === "" || card.dataset.predicted === predicted) &&
      (right === "" || card.dataset.right === right) &&
      (outcome === "" || card.dataset.outcomes.split(" ").includes(outcome));
    card.hidden = !keep;
    shown += keep ? 1 : 0;
  }
  document.getElementById("shown").textContent = shown + " of " + cards.length + " shown";
}
form.hidden = cards.length === 0;
form.addEventListener("change", apply);
form.addEventListener("submit", (event) => event.preventDefault());
apply();
