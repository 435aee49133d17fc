// Verdicts of a review: how many excellent there are beside how many there may be.

for (const form of document.querySelectorAll("[data-verdicts]")) {
  const most = Number(form.dataset.verdicts);
  const count = form.querySelector("[data-verdicts-count]");
  const grades = [...form.querySelectorAll("select[name^=grade-]")];

  const refresh = () => {
    const given = grades.filter((each) => each.value === "excellent").length;
    count.textContent = given > most
      ? `已评 ${given} 人，超出 ${given - most} 人`
      : `已评 ${given} 人，还可评 ${most - given} 人`;
    count.classList.toggle("review-limit__count--over", given > most);
  };

  form.addEventListener("change", (event) => {
    if (event.target.value === "unqualified") {
      event.target.closest(".verdict").querySelector("details").open = true;
    }
    refresh();
  });
  count.hidden = false;
  refresh();
}
