/**
 * The board of the planner: cards are dragged from group to group with the mouse. Every card also has a select that
 * does the same by keyboard and touch, and without scripts the button “Move the cards” does. The select of a card is
 * what the form sends; dragging only sets it.
 */
const board = document.querySelector("[data-board]");
if (board) enliven(board);

function enliven(board) {
  const announce = document.querySelector("[data-announce]");
  const columns = [...board.querySelectorAll("[data-column]")];
  let dragged = null;

  document.querySelectorAll("[data-needs-scripts]").forEach((each) => (each.hidden = false));
  document.querySelectorAll("[data-without-scripts]").forEach((each) => (each.hidden = true));

  for (const card of board.querySelectorAll("[data-card]")) {
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      dragged = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.dataset.name);
      card.classList.add("pc-card--dragged");
    });
    card.addEventListener("dragend", () => {
      dragged = null;
      card.classList.remove("pc-card--dragged");
      columns.forEach((column) => column.classList.remove("pc-column--over"));
    });
    card.querySelector("select").addEventListener("change", () => place(card));
  }

  for (const column of columns) {
    column.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      column.classList.add("pc-column--over");
    });
    column.addEventListener("dragleave", (event) => {
      if (!column.contains(event.relatedTarget)) column.classList.remove("pc-column--over");
    });
    column.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      const select = dragged.querySelector("select");
      if (select.value === column.dataset.column) return;
      select.value = column.dataset.column;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    column.querySelector("[name$='-title']")?.addEventListener("input", (event) => rename(column, event.target.value));
  }

  /** Put a card where its select says, keep the field in use in use, and say what happened. */
  function place(card) {
    const select = card.querySelector("select");
    const column = columns.find((each) => each.dataset.column === select.value);
    const inUse = document.activeElement === select;
    column.querySelector("[data-cards]").append(card);
    if (inUse) select.focus();
    columns.forEach((each) => {
      each.querySelector("[data-count]").textContent = each.querySelectorAll("[data-card]").length;
    });
    announce.textContent = `${card.dataset.name}: ${column.querySelector("[data-heading]").textContent}`;
  }

  /** A group's name stands on its column, on the cards' selects, and where its form is chosen. */
  function rename(column, typed) {
    const number = column.dataset.column;
    const name = typed.trim() || `Group ${Number(number) + 1}`;
    column.querySelector("[data-heading]").textContent = name;
    const further = document.querySelector(`[data-heading-of="${number}"]`);
    if (further) further.textContent = name;
    for (const option of board.querySelectorAll(`[data-card] option[value="${number}"]`)) option.textContent = name;
  }
}
