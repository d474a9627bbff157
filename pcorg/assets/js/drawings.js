// A lineage wider than its box opens on the body it is about. Without scripts it opens at the earliest bodies.
for (const box of document.querySelectorAll(".pc-graph")) {
  const focus = box.querySelector(".pc-graph__node--focus")?.getBoundingClientRect();
  const frame = box.getBoundingClientRect();
  if (focus) box.scrollLeft += focus.left + focus.width / 2 - (frame.left + frame.width / 2);
}
