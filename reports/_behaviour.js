"use strict";
// The page is complete without this: it adds a filter, arrow keys in the matrix, and opens what a link leads to.
(() => {
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  addEventListener("hashchange", open);
  open();

  const matrix = document.getElementById("matrix");
  if (!matrix) return;
  const rows = [...matrix.querySelectorAll("tr[data-row]")];

  const box = document.getElementById("filter");
  const input = box.querySelector("input");
  const told = box.querySelector("output");
  box.hidden = false;
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const group of matrix.tBodies) {
      const file = group.rows[0].textContent.toLowerCase();
      let any = false;
      for (const row of group.querySelectorAll("tr[data-row]")) {
        const text = file + " " + row.dataset.row.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        any ||= !row.hidden;
        shown += !row.hidden;
      }
      group.hidden = !any;
    }
    told.textContent = words.length ? `${shown} of ${rows.length}` : "";
  });

  let current;
  const settle = (cell) => {
    if (current) current.tabIndex = -1;
    current = cell;
    cell.tabIndex = 0;
  };
  if (rows.length) settle(rows[0].cells[0]);
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  matrix.addEventListener("keydown", (event) => {
    const cell = event.target.closest("th, td");
    if (!cell || event.target !== cell || !cell.parentNode.dataset.row) return;
    if (event.key === "Enter") {
      const trail = cell.parentNode.querySelector("details");
      trail.open = !trail.open;
    } else if (steps[event.key]) {
      const visible = rows.filter((row) => !row.hidden);
      const [down, right] = steps[event.key];
      const row = visible[visible.indexOf(cell.parentNode) + down];
      const next = row && row.cells[cell.cellIndex + right];
      if (next) { settle(next); next.focus(); }
    } else {
      return;
    }
    event.preventDefault();
  });
  matrix.addEventListener("click", (event) => {
    const cell = event.target.closest("tr[data-row] > *");
    if (cell) settle(cell);
  });
})();
